import type { RecalledSecret, SecretStorage } from '../../host/service/interface/secret-storage.ts'
import type { SecretCipher } from './secret-cipher.ts'
import { readSecretFile, type SealedSecret, writeSecretFile } from './secret-file.ts'

/** Remembers passwords in a file, encrypted by the operating system, or not at all. */
export function rememberSecrets(file: string, cipher: SecretCipher): SecretStorage {
  const inTurn = takeTurns()
  const replace = (secret: SealedSecret): Promise<void> =>
    inTurn(async () => {
      const others = (await readSecretFile(file)).filter(
        one => !isMeant(one, secret.projectFile, secret.server),
      )
      await writeSecretFile(file, [...others, secret])
    })
  return {
    state: () => cipher.availability(),
    async read(projectFile) {
      const secrets = (await readSecretFile(file)).filter(one => one.projectFile === projectFile)
      // No one is asked to unlock a password manager that has nothing of this project.
      if (secrets.length === 0 || (await cipher.availability()).storage === 'unavailable') return []
      const recalled = await Promise.all(secrets.map(secret => recall(secret, cipher, replace)))
      return recalled.flat()
    },
    async write(place, password) {
      const { storage, why } = await cipher.availability()
      if (storage === 'unavailable') throw new Error(why)
      await replace({ ...place, sealed: await seal(cipher, password) })
    },
    forget: (projectFile, server) =>
      inTurn(async () => {
        const secrets = await readSecretFile(file)
        const others = secrets.filter(one => !isMeant(one, projectFile, server))
        if (others.length < secrets.length) await writeSecretFile(file, others)
      }),
  }
}

/** Nothing, where the key is gone: the password has to be remembered again. */
async function recall(
  secret: SealedSecret,
  cipher: SecretCipher,
  replace: (secret: SealedSecret) => Promise<void>,
): Promise<readonly RecalledSecret[]> {
  const { server, account, sealed } = secret
  try {
    const { text, isOld } = await cipher.decrypt(Buffer.from(sealed, 'base64'))
    // The old encryption stays readable where the new one cannot be written.
    if (isOld) await renew(secret, text, cipher, replace).catch(() => undefined)
    return [{ server, account, password: text }]
  } catch {
    return []
  }
}

async function renew(
  secret: SealedSecret,
  password: string,
  cipher: SecretCipher,
  replace: (secret: SealedSecret) => Promise<void>,
): Promise<void> {
  await replace({ ...secret, sealed: await seal(cipher, password) })
}

async function seal(cipher: SecretCipher, password: string): Promise<string> {
  return (await cipher.encrypt(password)).toString('base64')
}

function isMeant(secret: SealedSecret, projectFile: string, server: string): boolean {
  return secret.projectFile === projectFile && secret.server === server
}

/** One change of the file after another. */
function takeTurns(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return work => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}
