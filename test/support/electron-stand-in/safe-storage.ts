import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const stores = {
  basic: 'basic_text',
  'gnome-libsecret': 'gnome_libsecret',
  kwallet: 'kwallet',
  kwallet5: 'kwallet5',
  kwallet6: 'kwallet6',
} as const

const isStore = (name: string): name is keyof typeof stores => Object.hasOwn(stores, name)

/** The same in every start, as the key of a password manager is; nothing is protected by it. */
const key = Buffer.alloc(32, 'stand-in')

/** Electron's `safeStorage`: `LOCKSTEP_PASSWORD_STORE` has the words of Electron's own switch, and there is none without it. */
export const safeStorage = {
  getSelectedStorageBackend(): (typeof stores)[keyof typeof stores] {
    const name = process.env.LOCKSTEP_PASSWORD_STORE ?? 'basic'
    return isStore(name) ? stores[name] : 'basic_text'
  },
  async isAsyncEncryptionAvailable(): Promise<boolean> {
    return true
  },
  async encryptStringAsync(plainText: string): Promise<Buffer> {
    const start = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, start)
    const sealed = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()])
    return Buffer.concat([start, cipher.getAuthTag(), sealed])
  },
  async decryptStringAsync(
    encrypted: Buffer,
  ): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }> {
    const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, 12))
    decipher.setAuthTag(encrypted.subarray(12, 28))
    const result = Buffer.concat([decipher.update(encrypted.subarray(28)), decipher.final()])
    return { result: result.toString('utf8'), shouldReEncrypt: false }
  },
}
