import { afterAll, beforeAll, describe, expect } from 'vitest'
import { needs } from '../support/needs.ts'
import { waitUntil } from '../support/wait-until.ts'
import { type BuiltDesktop, buildDesktop, withDesktop } from './with-desktop.ts'

const it = needs('chromium')

describe('the window of the desktop', () => {
  let built: BuiltDesktop
  beforeAll(async () => {
    built = await buildDesktop()
  })
  afterAll(() => built?.remove())

  it('shows the dashboard of the project that the engine has open', () =>
    withDesktop(built, {}, async ({ app, page }) => {
      await page.getByText('local environment').waitFor()
      const url = await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
      )
      expect(url).toMatch(/^app:\/\/lockstep\/#\//)
    }))

  it('opens at the address that it is started with', () =>
    withDesktop(built, { options: { open: '#/topology' } }, async ({ page }) => {
      expect(await page.evaluate(() => location.hash)).toBe('#/topology')
    }))

  it('gives its page the bridge, and nothing else of Node or Electron', () =>
    withDesktop(built, {}, async ({ page }) => {
      const found = await page.evaluate(() => ({
        globals: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter(
          name => name in globalThis,
        ),
        bridge: Object.keys(window.lockstep ?? {}),
        isFrozen: Object.isFrozen(window.lockstep),
      }))
      expect(found).toEqual({
        globals: [],
        bridge: ['request', 'subscribe', 'onCommand', 'onNavigate'],
        isFrozen: true,
      })
    }))

  it('runs its page in the sandbox, isolated, without Node', () =>
    withDesktop(built, {}, async ({ app }) => {
      const preferences = await app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
          getLastWebPreferences(): Electron.WebPreferences
        }
        return contents.getLastWebPreferences()
      })
      expect(preferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
      })
      expect(preferences.webSecurity).not.toBe(false)
    }))

  it('serves its page under a policy that blocks inline scripts, evaluation and other hosts', () =>
    withDesktop(built, {}, async ({ page }) => {
      const result = await page.evaluate(async () => {
        const blocked: string[] = []
        document.addEventListener('securitypolicyviolation', event => blocked.push(event.effectiveDirective))
        // In a turn of its own: the turn of a test's evaluation may evaluate, as a debugger may.
        const attempt = (act: () => unknown): Promise<string> =>
          new Promise<unknown>((resolve, reject) => {
            setTimeout(() => {
              try {
                resolve(act())
              } catch (error) {
                reject(error)
              }
            })
          }).then(
            () => 'done',
            () => 'refused',
          )
        const inline = await attempt(() => {
          const script = document.createElement('script')
          script.textContent = 'globalThis.wasInjected = true'
          document.body.append(script)
        })
        const evaluated = await attempt(() => new Function('globalThis.wasInjected = true')())
        const elsewhere = await attempt(() => fetch('https://example.com/'))
        const own = await fetch('./')
        return {
          inline,
          evaluated,
          elsewhere,
          wasInjected: 'wasInjected' in globalThis,
          policy: own.headers.get('content-security-policy'),
          sniffing: own.headers.get('x-content-type-options'),
          blocked,
        }
      })
      expect(result).toMatchObject({
        inline: 'refused',
        evaluated: 'refused',
        elsewhere: 'refused',
        wasInjected: false,
        sniffing: 'nosniff',
      })
      expect(result.policy).toContain("default-src 'none'")
      expect(result.blocked).toContain('connect-src')
    }))

  it('serves no file outside the built page', () =>
    withDesktop(built, {}, async ({ page }) => {
      const found = await page.evaluate(() =>
        Promise.all(
          ['./', '/desktop.js', '/..%2fdesktop.js', '/%2e%2e/package.json', '/missing.html'].map(path =>
            fetch(path).then(response => response.status),
          ),
        ),
      )
      expect(found).toEqual([200, 404, 404, 404, 404])
    }))

  it('refuses a request that is not in the contract, and one that is not JSON', () =>
    withDesktop(built, {}, async ({ page }) => {
      const answers = await page.evaluate(async () => {
        const ask = (name: string, input: unknown): Promise<string> =>
          window.lockstep?.request(name, input).then(
            reply => (reply.ok ? 'answered' : reply.failure.kind),
            () => 'request_invalid',
          ) ?? Promise.resolve('no bridge')
        return {
          known: await ask('session.read', {}),
          unknown: await ask('session.erase', {}),
          inherited: await ask('toString', {}),
          date: await ask('session.read', { at: new Date() }),
          number: await ask('session.read', { at: Number.NaN }),
        }
      })
      expect(answers).toEqual({
        known: 'answered',
        unknown: 'request_invalid',
        inherited: 'request_invalid',
        date: 'request_invalid',
        number: 'request_invalid',
      })
    }))

  it('refuses the requests of a window that is not its own', () =>
    withDesktop(built, {}, async ({ app }) => {
      const opened = app.waitForEvent('window')
      await app.evaluate(async ({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
          getLastWebPreferences(): Electron.WebPreferences
        }
        const { preload = '' } = contents.getLastWebPreferences()
        const foreign = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
        await foreign.loadURL('app://lockstep/')
      })
      const foreign = await opened
      await foreign.waitForLoadState()
      await foreign.waitForFunction(() => window.lockstep !== undefined)
      const reply = await foreign.evaluate(() => window.lockstep?.request('session.read', {}))
      expect(reply).toMatchObject({ ok: false, failure: { problem: 'this page may not ask' } })
    }))

  it('neither goes anywhere else nor opens another window', () =>
    withDesktop(built, {}, async ({ app, page }) => {
      const opened = await page.evaluate(() => {
        const link = document.createElement('a')
        link.href = 'https://example.com/link'
        link.target = '_blank'
        document.body.append(link)
        link.click()
        return window.open('https://example.com/window')
      })
      expect(opened).toBeNull()
      await page.evaluate(() => {
        location.href = 'https://example.com/elsewhere'
      })
      // An answer after it proves that the page is still there.
      const reply = await page.evaluate(() => window.lockstep?.request('session.read', {}))
      expect(reply).toMatchObject({ ok: true })
      const urls = await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map(window => window.webContents.getURL()),
      )
      expect(urls).toEqual([expect.stringMatching(/^app:\/\/lockstep\//)])
    }))

  it('embeds no other page', () =>
    withDesktop(built, {}, async ({ page }) => {
      await page.evaluate(() => {
        const frame = document.createElement('iframe')
        frame.src = 'https://example.com/'
        document.body.append(frame)
      })
      await waitUntil(() => page.frames().length === 2, 'the frame')
      expect(page.frames().map(frame => frame.url())).not.toContain('https://example.com/')
    }))

  it('carries the theme that the person chose to menus and dialogs', () =>
    withDesktop(built, {}, async ({ app, page }) => {
      await page.evaluate(async () => {
        const read = await window.lockstep?.request('preferences.read', {})
        const preferences = read?.ok ? (read.value as object) : {}
        await window.lockstep?.request('preferences.write', {
          preferences: { ...preferences, theme: 'dark' },
        })
      })
      await expect.poll(() => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
    }))
})
