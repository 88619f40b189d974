import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SecretPlace } from '../../host/service/interface/secret-storage.ts'
import { writeAtomically } from '../../lib/write-atomically.ts'

/** An encrypted password, and what it is for. */
export interface SealedSecret extends SecretPlace {
  /** Base64 of what the operating system encrypted. */
  readonly sealed: string
}

/** Reads the encrypted passwords; none where there is no file, or one that cannot be understood. */
export async function readSecretFile(file: string): Promise<readonly SealedSecret[]> {
  try {
    const given: unknown = JSON.parse(await readFile(file, 'utf8'))
    const passwords = isObject(given) && given.version === 1 ? given.passwords : null
    return Array.isArray(passwords) ? passwords.filter(isSealedSecret) : []
  } catch {
    return []
  }
}

/** Writes the encrypted passwords, readable by this user only. */
export async function writeSecretFile(file: string, passwords: readonly SealedSecret[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeAtomically(file, `${JSON.stringify({ version: 1, passwords }, null, 2)}\n`, 0o600)
}

function isSealedSecret(given: unknown): given is SealedSecret {
  if (!isObject(given)) return false
  const { projectFile, server, account, sealed } = given
  return [projectFile, server, account, sealed].every(text => typeof text === 'string')
}

function isObject(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null
}
