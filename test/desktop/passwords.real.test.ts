import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { choiceOf } from '../../electron/host/project/choice-of.ts'
import { needs } from '../support/needs.ts'
import { type BuiltDesktop, buildDesktop, withDesktop } from './with-desktop.ts'

// Which password manager Electron finds is not a test's to choose.
const it = process.env.LOCKSTEP_ELECTRON === undefined ? needs('chromium') : needs('chromium').skip

const password = 'correct horse battery'

describe('the passwords of the desktop', () => {
  let built: BuiltDesktop
  let folder: string
  beforeAll(async () => {
    built = await buildDesktop('real')
    folder = mkdtempSync(join(tmpdir(), 'lockstep-desktop-passwords-'))
    writeFileSync(
      join(folder, 'lockstep.yml'),
      [
        'version: 1',
        'project: shop',
        'servers: [{ name: primary, host: 127.0.0.1, port: 1, user: owner }]',
        "tenants: { databases: 'acme_*' }",
        'migrations: { sql: { folder: migrations } }',
        "groups: [{ name: all, tenants: '*' }]",
        '',
      ].join('\n'),
    )
  })
  afterAll(() => {
    built?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (store: string, use: (page: Page) => Promise<void>): Promise<void> =>
    withDesktop(
      built,
      {
        options: { choice: choiceOf(folder), open: '#/settings/passwords' },
        userData: join(folder, 'data'),
        env: { LOCKSTEP_PASSWORD_STORE: store, LOCKSTEP_STATE_DIR: join(folder, 'state') },
      },
      ({ page }) => use(page),
    )

  it('are refused without a password manager, kept encrypted with one, and there after a new start', async () => {
    await open('basic', async page => {
      await page.getByText('No password manager such as GNOME Keyring or KWallet was found').waitFor()
      const reply = await page.evaluate(
        given => window.lockstep?.request('secret.write', { server: 'primary', password: given }),
        password,
      )
      expect(reply).toMatchObject({ ok: false, failure: { kind: 'not_possible' } })
      expect(JSON.stringify(reply)).not.toContain(password)
    })
    const file = join(folder, 'data', 'passwords.json')
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined()
    await open('gnome-libsecret', async page => {
      await page.getByText('No password is remembered.').waitFor()
      await page.getByLabel('Password of primary', { exact: true }).fill(password)
      await page.keyboard.press('Enter')
      await page.getByText('A password is remembered.').waitFor()
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const form of ['utf8', 'base64', 'hex'] as const)
      expect(findFilesWith(folder, Buffer.from(password).toString(form))).toEqual([])
    await open('gnome-libsecret', async page => {
      await page.getByText('A password is remembered.').waitFor()
      await page.getByRole('button', { name: 'Forget the password of primary' }).click()
      await page.getByText('No password is remembered.').waitFor()
    })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ version: 1, passwords: [] })
  })
})

/** Names of files that hold a text. */
function findFilesWith(place: string, text: string): readonly string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(name => readFileSync(name, 'latin1').includes(text))
}
