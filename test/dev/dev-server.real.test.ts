import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { enginePath, engineProtocol, sessionPath } from '../../shared/api/web-session.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'
import { openNodeBrowser } from '../web/node-browser.ts'
import { askServer } from '../web/open-web.ts'
import { type DevServer, startDevServer } from './start-dev-server.ts'

let cacheFolder: string
let home: LockstepHome
let server: DevServer | null = null
const said: string[] = []

beforeAll(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'lockstep-vite-'))
  home = openLockstepHome()
})
afterEach(async () => {
  await server?.close()
  await server?.ended
  server = null
})
afterAll(async () => {
  rmSync(cacheFolder, { recursive: true, force: true })
  await home.close()
})

async function start(...args: readonly string[]): Promise<DevServer> {
  const say = (line: string): void => void said.push(line)
  const environment = { ...process.env, ...home.environment }
  server = await startDevServer({ args, port: 0, say, environment, cacheFolder })
  return server
}

/** Vite's own socket, which a page opens with a token that is in its client. */
async function listenForUpdates(origin: string): Promise<AsyncIterator<string>> {
  const client = await (await fetch(`${origin}/@vite/client`)).text()
  const token = /wsToken = "([^"]+)"/.exec(client)?.[1] ?? ''
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/?token=${token}`, 'vite-hmr')
  const messages: string[] = []
  let wake = (): void => undefined
  socket.on('message', data => {
    messages.push(String(data))
    wake()
  })
  const next = async (): Promise<IteratorResult<string>> => {
    while (messages.length === 0)
      await new Promise<void>(resolve => {
        wake = resolve
      })
    return { done: false, value: messages.shift() ?? '' }
  }
  // It greets with one message.
  await next()
  return { next, return: async () => ({ done: true, value: socket.terminate() }) }
}

describe('npm run dev', () => {
  it('serves the page from its sources, and tells it of a module that changed', async () => {
    const { address, vite } = await start()
    const { origin } = new URL(address)
    const page = await (await fetch(origin)).text()
    expect(page).toContain('src="/@vite/client"')
    expect(page).toMatch(/src="\.?\/main\.tsx/)
    const module = '/app/app.tsx'
    const response = await fetch(`${origin}${module}`)
    // An address that is no module is answered with the page.
    expect(response.headers.get('content-type')).toContain('javascript')
    expect(await response.text()).toContain('$RefreshReg$')
    const updates = await listenForUpdates(origin)
    // As the watcher says it, without changing a file that other tests build from.
    vite.watcher.emit('change', join(vite.config.root, module))
    const { value } = await updates.next()
    await updates.return?.()
    expect(JSON.parse(value)).toMatchObject({
      type: 'update',
      updates: [{ type: 'js-update', path: module }],
    })
  })

  it('has the sample engine behind it, for a browser that signs in', async () => {
    const { address } = await start()
    const { api } = openNodeBrowser(address)
    expect(await api.request('session.read', {})).toMatchObject({
      ok: true,
      value: { project: { name: 'demo-shop' } },
    })
  })

  it.each([
    ['another page', (host: string) => ({ host, origin: 'http://evil.example' })],
    [
      'another name',
      (host: string) => ({ host: host.replace('127.0.0.1', 'evil.example'), origin: `http://${host}` }),
    ],
    ['nobody', (host: string) => ({ host })],
  ])('hands nothing on that %s sent', async (_who, headersOf) => {
    const { address } = await start()
    const { host, port, hash } = new URL(address)
    const body = JSON.stringify({ token: hash.replace('#token=', '') })
    const headers = { 'content-type': 'application/json', ...headersOf(host) }
    const refused = await askServer(Number(port), sessionPath, headers.host, {
      method: 'POST',
      headers,
      body,
    })
    expect([403, 404]).toContain(refused.status)
    const socket = new WebSocket(`ws://${host}${enginePath}`, [engineProtocol, 'key'], { headers })
    const end = await new Promise(resolve => {
      socket.once('error', error => resolve(error.message))
      socket.once('open', () => resolve('opened'))
    })
    expect(end).toMatch(/Unexpected server response: 40[34]|socket hang up/)
    // The token has not been used up.
    expect(await openNodeBrowser(address).api.request('session.read', {})).toMatchObject({ ok: true })
  })

  it('with --sandbox has the real engine behind it, on the sandbox', async () => {
    const { address } = await start('--sandbox')
    const { api } = openNodeBrowser(address)
    await waitUntil(async () => {
      const reply = await api.request('session.read', {})
      if (!reply.ok || reply.value.demo.state === 'failed') throw new Error(JSON.stringify(reply))
      return reply.value.demo.state !== 'not_started'
    }, 'the sandbox to be started')
    expect((await fetch(new URL(address).origin)).status).toBe(200)
    expect(said.join('\n')).not.toContain(address)
  })
})
