import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { rememberSecrets } from '../../../electron/desktop/secrets/remember-secret.ts'
import { createCipher, type SecretCipher } from '../../../electron/desktop/secrets/secret-cipher.ts'
import { otherPlaces } from '../../../electron/host/service/interface/secret-storage.ts'
import { safeStorage } from '../../support/electron-stand-in/safe-storage.ts'

vi.mock('electron', () => ({ safeStorage: {} }))

const password = 'correct horse battery'
const projectFile = '/srv/shop/lockstep.yml'
const place = { projectFile, server: 'primary', account: 'owner@db.example:5432' }
const recalled = { server: 'primary', account: place.account, password }

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-passwords-'))
  file = join(folder, 'data', 'passwords.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Everything that lies on disk, in every form in which the password could be found. */
function readAll(): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

describe('remembered passwords', () => {
  it('are read again by another start, and are on disk for nobody else and never in clear', async () => {
    await rememberSecrets(file, playCipher()).write(place, password)
    expect(await rememberSecrets(file, playCipher()).read(projectFile)).toEqual([recalled])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const form of ['utf8', 'base64', 'hex'] as const)
      expect(readAll()).not.toContain(Buffer.from(password).toString(form))
    expect(readAll()).toContain('owner@db.example:5432')
  })

  it('are those of one project and one server, and the newest one of it', async () => {
    const storage = rememberSecrets(file, playCipher())
    await Promise.all([
      storage.write({ ...place, server: 'standby' }, 'first'),
      storage.write(place, 'old'),
      storage.write({ ...place, projectFile: '/srv/other/lockstep.yml' }, 'other'),
    ])
    await storage.write(place, password)
    const found = await storage.read(projectFile)
    expect(found.toSorted((left, right) => left.server.localeCompare(right.server))).toEqual([
      recalled,
      { ...recalled, server: 'standby', password: 'first' },
    ])
    await storage.forget(projectFile, 'standby')
    expect(await storage.read(projectFile)).toEqual([recalled])
    expect(await storage.read('/srv/other/lockstep.yml')).toHaveLength(1)
  })

  it('are not kept at all where nothing encrypts them', async () => {
    const storage = rememberSecrets(file, playCipher({ isAvailable: false }))
    await expect(storage.write(place, password)).rejects.toThrow('no keyring')
    expect(readAll()).toBe('')
  })

  it('are not read where the encryption has gone, and nobody is asked when there is none', async () => {
    await rememberSecrets(file, playCipher()).write(place, password)
    expect(await rememberSecrets(file, playCipher({ isAvailable: false })).read(projectFile)).toEqual([])
    const asked = playCipher()
    const availability = vi.spyOn(asked, 'availability')
    expect(await rememberSecrets(file, asked).read('/srv/other/lockstep.yml')).toEqual([])
    expect(availability).not.toHaveBeenCalled()
  })

  it('are encrypted again when the key has changed', async () => {
    await rememberSecrets(file, playCipher()).write(place, password)
    const before = readAll()
    expect(await rememberSecrets(file, playCipher({ isOld: true })).read(projectFile)).toEqual([recalled])
    expect(readAll()).not.toBe(before)
    expect(await rememberSecrets(file, playCipher()).read(projectFile)).toEqual([recalled])
  })

  it.each([
    '',
    '{',
    '[]',
    '{"version":2,"passwords":[]}',
    '{"version":1,"passwords":[{"server":"primary"}]}',
  ])('are none in a file that says %j', async text => {
    const torn = join(folder, 'passwords.json')
    writeFileSync(torn, text)
    expect(await rememberSecrets(torn, playCipher()).read(projectFile)).toEqual([])
  })

  it('are left out when their key is gone, and the others are read', async () => {
    const storage = rememberSecrets(file, playCipher())
    await storage.write(place, password)
    await storage.write({ ...place, server: 'standby' }, 'other')
    const { passwords } = JSON.parse(readFileSync(file, 'utf8'))
    passwords[1].sealed = Buffer.alloc(40).toString('base64')
    writeFileSync(file, JSON.stringify({ version: 1, passwords }))
    expect(await storage.read(projectFile)).toEqual([recalled])
  })
})

describe("the operating system's encryption", () => {
  const available = { storage: 'available', why: '' }

  it.each(['basic_text', 'unknown'] as const)('counts as none on Linux with %s', async backend => {
    const cipher = createCipher('linux', { ...safeStorage, getSelectedStorageBackend: () => backend })
    const { storage, why } = await cipher.availability()
    expect(storage).toBe('unavailable')
    expect(why).toContain(otherPlaces)
    for (const other of ['~/.pgpass', 'PGPASSFILE', 'PGPASSWORD']) expect(why).toContain(other)
  })

  it('is used on Linux with a password manager, and elsewhere without asking which', async () => {
    const keyring = { ...safeStorage, getSelectedStorageBackend: () => 'gnome_libsecret' as const }
    expect(await createCipher('linux', keyring).availability()).toEqual(available)
    const none = () => {
      throw new Error('only on Linux')
    }
    const mac = { ...safeStorage, getSelectedStorageBackend: none }
    expect(await createCipher('darwin', mac).availability()).toEqual(available)
  })

  it.each([
    ['says so', async () => false],
    ['fails', () => Promise.reject(new Error('locked'))],
  ])('counts as none when it %s', async (_title, isAsyncEncryptionAvailable) => {
    const cipher = createCipher('win32', { ...safeStorage, isAsyncEncryptionAvailable })
    expect(await cipher.availability()).toMatchObject({ storage: 'unavailable' })
  })

  it('gives back what it was given, and says when the key has changed', async () => {
    const rotated = {
      ...safeStorage,
      decryptStringAsync: async (sealed: Buffer) => ({
        ...(await safeStorage.decryptStringAsync(sealed)),
        shouldReEncrypt: true,
      }),
    }
    const cipher = createCipher('darwin', rotated)
    expect(await cipher.decrypt(await cipher.encrypt(password))).toEqual({ text: password, isOld: true })
  })
})

function playCipher({ isAvailable = true, isOld = false } = {}): SecretCipher {
  return {
    availability: async () =>
      isAvailable ? { storage: 'available', why: '' } : { storage: 'unavailable', why: 'no keyring' },
    encrypt: text => safeStorage.encryptStringAsync(text),
    decrypt: async sealed => ({ text: (await safeStorage.decryptStringAsync(sealed)).result, isOld }),
  }
}
