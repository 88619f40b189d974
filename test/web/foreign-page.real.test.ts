import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { chromiumOptions, findChromium } from '../support/chromium.ts'
import { needs } from '../support/needs.ts'
import { type OpenedWeb, openSocket, openWeb } from './open-web.ts'

const it = needs('chromium')

/** A page of somebody else, on another port of the same host, that a signed-in person visits. */
let foreign: Server
/** The cookies that came to it. */
const cookiesSeen: string[] = []
let browser: Browser
let context: BrowserContext
let web: OpenedWeb

beforeAll(async () => {
  foreign = createServer((request, response) => {
    cookiesSeen.push(request.headers.cookie ?? '')
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>foreign</title>')
  })
  await new Promise<void>(resolve => foreign.listen(0, '127.0.0.1', resolve))
  const program = findChromium()
  if (program === null) return
  browser = await chromium.launch({
    executablePath: program,
    args: [...chromiumOptions, '--host-resolver-rules=MAP *.example 127.0.0.1'],
  })
})

afterAll(async () => {
  await browser?.close()
  await new Promise(resolve => foreign.close(resolve))
})

beforeEach(async () => {
  web = await openWeb()
  if (browser) context = await browser.newContext()
})

afterEach(async () => {
  await context?.close()
  await web.close()
})

/** Opens the one-time address and exchanges its token as the page of the dashboard does; gives the key. */
async function signIn(page: Page): Promise<string> {
  const token = web.newToken()
  await page.goto(web.origin)
  return page.evaluate(async given => {
    const answer = await fetch('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: given }),
    })
    return ((await answer.json()) as { key: string }).key
  }, token)
}

/** How a WebSocket that a page opens comes out. */
function trySocket(page: Page, url: string, protocols: readonly string[]): Promise<string> {
  return page.evaluate(
    ([address, offered]) =>
      new Promise<string>(resolve => {
        const socket = new WebSocket(address, [...offered])
        socket.onopen = () => resolve('open')
        socket.onclose = () => resolve('closed')
      }),
    [url, protocols] as const,
  )
}

describe('in a real browser that is signed in', () => {
  it('the page of the dashboard reaches the engine, and its cookie is no script’s', async () => {
    const page = await context.newPage()
    const key = await signIn(page)
    expect(await trySocket(page, `ws://${web.host}/engine`, ['lockstep.v1', key])).toBe('open')
    expect(await page.evaluate(() => document.cookie)).toBe('')
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' })
  })

  it('a page of another port cannot reach the engine, even with the key', async () => {
    const key = await signIn(await context.newPage())
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`)
    expect(await trySocket(page, `ws://${web.host}/engine`, ['lockstep.v1', key])).toBe('closed')
    expect(web.service.countClients()).toBe(0)
  })

  it('a page of another port can neither read, post, frame nor run anything', async () => {
    await signIn(await context.newPage())
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`)
    const outcome = await page.evaluate(async origin => {
      const tried = async (init: RequestInit): Promise<string> =>
        fetch(`${origin}/session`, { credentials: 'include', ...init }).then(
          answer => (answer.type === 'opaque' ? 'opaque' : 'read'),
          () => 'refused',
        )
      const loaded = (element: HTMLScriptElement | HTMLImageElement): Promise<string> =>
        new Promise(resolve => {
          element.onload = () => resolve('loaded')
          element.onerror = () => resolve('refused')
          element.src = `${origin}/set-theme.js`
          document.head.append(element)
        })
      return {
        read: await tried({}),
        post: await tried({ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
        script: await loaded(document.createElement('script')),
      }
    }, web.origin)
    expect(outcome).toEqual({ read: 'refused', post: 'refused', script: 'refused' })
    await page.setContent(`<iframe src="${web.origin}/"></iframe>`)
    const frame = page.frames()[1]
    await frame?.waitForLoadState()
    expect(await frame?.content()).not.toContain('Lockstep')
  })

  it('a server on another port is sent the cookie by the browser, and can do nothing with it', async () => {
    await signIn(await context.newPage())
    cookiesSeen.length = 0
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`)
    const cookie = cookiesSeen[0] ?? ''
    expect(cookie).toMatch(new RegExp(`^lockstep_${web.dashboard.port}=`))
    const session = { cookie, key: 'guessed' }
    const { host, origin } = web
    await expect(openSocket(`ws://${host}/engine`, session, { host, origin })).rejects.toThrow(
      'refused with 401',
    )
  })

  it('a foreign name that resolves to this machine is turned away', async () => {
    const page = await context.newPage()
    const answer = await page.goto(`http://evil.example:${web.dashboard.port}/`)
    expect(answer?.status()).toBe(421)
    expect(await page.content()).not.toContain('<title>Lockstep')
  })
})
