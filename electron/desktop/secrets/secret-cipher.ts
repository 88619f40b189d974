import { type SafeStorage, safeStorage } from 'electron'
import { otherPlaces, type SecretAvailability } from '../../host/service/interface/secret-storage.ts'

/** The encryption of the operating system. */
export interface SecretCipher {
  availability(): Promise<SecretAvailability>
  encrypt(text: string): Promise<Buffer>
  /** `isOld` asks for the text to be encrypted again: the key has changed. */
  decrypt(sealed: Buffer): Promise<{ readonly text: string; readonly isOld: boolean }>
}

/** What is used of Electron's `safeStorage`. */
type Storage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/** Encrypts with the password manager that Electron finds; one whose key is public counts as none. */
export function createCipher(
  platform: NodeJS.Platform = process.platform,
  storage: Storage = safeStorage,
): SecretCipher {
  return {
    async availability() {
      const isEncrypted = await storage.isAsyncEncryptionAvailable().catch(() => false)
      if (platform === 'linux' && isPlain(storage.getSelectedStorageBackend()))
        return unavailable('no password manager such as GNOME Keyring or KWallet was found')
      if (!isEncrypted) return unavailable('this system offers no encryption for passwords')
      return { storage: 'available', why: '' }
    },
    encrypt: text => storage.encryptStringAsync(text),
    async decrypt(sealed) {
      const { result, shouldReEncrypt } = await storage.decryptStringAsync(sealed)
      return { text: result, isOld: shouldReEncrypt }
    },
  }
}

/** `basic_text` encrypts with a key that is written in Chromium's source. */
function isPlain(backend: ReturnType<Storage['getSelectedStorageBackend']>): boolean {
  return backend === 'basic_text' || backend === 'unknown'
}

function unavailable(reason: string): SecretAvailability {
  return { storage: 'unavailable', why: `${reason}, so nothing is kept: ${otherPlaces}` }
}
