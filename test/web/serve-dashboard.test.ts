import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type OpenedWeb, openWeb, tokenOf, type WebAnswer } from './open-web.ts'

let web: OpenedWeb

beforeEach(async () => {
  web = await openWeb()
})

afterEach(() => web.close())

const json = { 'content-type': 'application/json' }

describe('the files of the dashboard', () => {
  it('are served without a session: they hold no secret', async () => {
    expect(await web.ask('/')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html><title>Lockstep</title>',
    })
    expect(await web.ask('/set-theme.js?x=1')).toMatchObject({ status: 200, body: 'theme()' })
  })

  it('are described to HEAD without being sent', async () => {
    const answer = await web.ask('/', { method: 'HEAD' })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers['content-length']).toBe('38')
  })

  it('are kept by a browser only where their name changes with their content', async () => {
    expect((await web.ask('/assets/index-Ab12_-cd.js')).headers['cache-control']).toMatch(/immutable/)
    expect((await web.ask('/set-theme.js')).headers['cache-control']).toBe('no-store')
  })

  it.each([
    '/../secret.js',
    '/..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/..\\secret.js',
    '/assets/../../secret.js',
    '/assets/..%5c..%5csecret.js',
    '//etc/passwd',
    '/etc/passwd',
    '/index.html%00.js',
    '/secret.txt',
    '/notes.txt',
    '/assets',
    '/assets/',
    '/__proto__',
    '/index.html/',
  ])('do not include %s', async path => {
    expect(await web.ask(path)).toMatchObject({ status: 404, body: 'There is no such file.\n' })
  })

  it.each([
    ['an absolute address', 'http://evil.example/secret.js'],
    ['an address of its own', 'file:///etc/passwd'],
    ['nothing', '*'],
  ])('do not include %s as the target of a request', async (_title, target) => {
    const answer = await web.send(`GET ${target} HTTP/1.1\r\nHost: ${web.host}\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1.1 40[04] /)
  })

  it('refuse a NUL in an address, with every header', async () => {
    const answer = await web.send(`GET /index.html\0.js HTTP/1.1\r\nHost: ${web.host}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
    expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'none'")
    expect(answer.toLowerCase()).toContain('x-frame-options: deny')
  })
})

describe('a foreign name that resolves to this machine', () => {
  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example:PORT',
    '0.0.0.0:PORT',
  ])('is refused as Host %j', async name => {
    const host = name.replace('PORT', String(web.dashboard.port))
    expect((await web.ask('/', { headers: { host } })).status).toBe(421)
  })

  it('is refused also when there is no Host at all', async () => {
    expect(await web.send('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 421 /)
    expect(await web.send('GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 421 /)
    expect(await web.send('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 421 /)
  })

  it('is refused at the WebSocket, with a session too', async () => {
    const session = await web.signIn()
    const host = `evil.example:${web.dashboard.port}`
    await expect(web.connect(session, { host, origin: `http://${host}` })).rejects.toThrow('refused with 421')
  })

  it.each(['127.0.0.1', 'localhost', '[::1]'])('is not what %s is', async name => {
    expect((await web.ask('/', { headers: { host: `${name}:${web.dashboard.port}` } })).status).toBe(200)
  })
})

describe('a page of another origin', () => {
  it.each([
    'http://evil.example',
    'null',
    'https://HOST',
    'http://localhost:PORT',
    'http://127.0.0.1:1',
    'http://HOST/',
  ])('cannot sign in from %s, and does not use the token up', async name => {
    const origin = name.replace('HOST', web.host).replace('PORT', String(web.dashboard.port))
    const token = web.newToken()
    const body = JSON.stringify({ token })
    const answer = await web.ask('/session', { method: 'POST', headers: { ...json, origin }, body })
    expect(answer.status).toBe(403)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect((await web.postToken(token)).status).toBe(200)
  })

  it('cannot sign in by leaving its origin out', async () => {
    const body = JSON.stringify({ token: web.newToken() })
    expect((await web.ask('/session', { method: 'POST', headers: json, body })).status).toBe(403)
  })

  it.each(['http://evil.example', 'null'])(
    'cannot open the WebSocket from %s, with a session too',
    async origin => {
      await expect(web.connect(await web.signIn(), { origin })).rejects.toThrow('refused with 403')
    },
  )

  it('cannot open the WebSocket by leaving its origin out', async () => {
    const { cookie, key } = await web.signIn()
    const answer = await web.send(
      `GET /engine HTTP/1.1\r\nHost: ${web.host}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: lockstep.v1, ${key}\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 403 /)
    expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff')
  })

  it('is told nothing by a CORS preflight', async () => {
    for (const path of ['/session', '/', '/engine']) {
      const answer = await web.ask(path, {
        method: 'OPTIONS',
        headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      })
      expect(answer.status).toBe(403)
      expect(Object.keys(answer.headers).filter(name => name.startsWith('access-control'))).toEqual([])
    }
    const own = await web.ask('/session', { method: 'OPTIONS', headers: { origin: web.origin } })
    expect(own).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } })
  })

  it('cannot read a file through fetch either: its origin is refused', async () => {
    expect((await web.ask('/', { headers: { origin: 'http://evil.example' } })).status).toBe(403)
  })
})

describe('signing in', () => {
  it('exchanges the token of a one-time address for a cookie that scripts and other sites cannot use', async () => {
    const answer = await web.postToken(web.newToken())
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^lockstep_${web.dashboard.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
      ),
    ])
  })

  it('takes a token once', async () => {
    const token = web.newToken()
    expect((await web.postToken(token)).status).toBe(200)
    expect((await web.postToken(token)).status).toBe(401)
  })

  it('takes the newest token only', async () => {
    const before = web.newToken()
    const after = web.newToken()
    expect((await web.postToken(before)).status).toBe(401)
    expect((await web.postToken(after)).status).toBe(200)
  })

  it.each(['', 'x', 'x'.repeat(43), 'é'.repeat(43)])('refuses the wrong token %j', async token => {
    const right = web.newToken()
    const answer = await web.postToken(token)
    expect(answer.status).toBe(401)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect((await web.postToken(right)).status).toBe(200)
  })

  it('has tokens of 256 bits, never the same', () => {
    const tokens = Array.from({ length: 50 }, () => web.newToken())
    expect(new Set(tokens).size).toBe(50)
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  })

  it('answers a few wrong tokens at a time, and is not held up by them', async () => {
    const right = web.newToken()
    const wrong = Array.from({ length: 20 }, (_, index) => web.postToken(`wrong ${index}`))
    const isFirst = await Promise.race([
      web.postToken(right).then(answer => answer.status === 200),
      Promise.all(wrong).then(() => false),
    ])
    expect(isFirst).toBe(true)
    const statuses = (await Promise.all(wrong)).map(answer => answer.status)
    expect(statuses.filter(status => status === 401)).toHaveLength(8)
    expect(statuses.filter(status => status === 429)).toHaveLength(12)
  })

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', ''])(
    'refuses a form that is posted as %j',
    async type => {
      const body = `{"token":"${web.newToken()}","x":"="}`
      const headers = { origin: web.origin, ...(type === '' ? {} : { 'content-type': type }) }
      expect((await web.ask('/session', { method: 'POST', headers, body })).status).toBe(415)
    },
  )

  it.each(['', '{', 'null', '[]', '{}', '{"token":1}'])('refuses the body %j', async body => {
    const headers = { ...json, origin: web.origin }
    expect((await web.ask('/session', { method: 'POST', headers, body })).status).toBe(400)
  })

  it('refuses a body beyond a token, declared or not', async () => {
    const body = JSON.stringify({ token: 'x'.repeat(5000) })
    const headers = { ...json, origin: web.origin }
    expect((await web.ask('/session', { method: 'POST', headers, body })).status).toBe(413)
    const chunked = { ...headers, 'transfer-encoding': 'chunked' }
    expect((await web.ask('/session', { method: 'POST', headers: chunked, body })).status).toBe(413)
  })

  it('leads to the view that was asked for', async () => {
    const other = await openWeb({ open: '#/runs/01K2?line=4' })
    const address = other.dashboard.newAddress()
    await other.close()
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}&at=%2Fruns%2F01K2%3Fline%3D4$/)
    expect(tokenOf(address)).toHaveLength(43)
  })
})

describe('a session', () => {
  it('is known by its cookie and its key together', async () => {
    const { cookie, key } = await web.signIn()
    const other = await web.signIn()
    const statusOf = async (headers: Record<string, string>): Promise<number> =>
      (await web.ask('/session', { headers })).status
    expect(await statusOf({ cookie, 'x-lockstep-key': key })).toBe(204)
    expect(await statusOf({ cookie: `a=b; ${cookie}; c=d`, 'x-lockstep-key': key })).toBe(204)
    expect(await statusOf({ cookie })).toBe(401)
    expect(await statusOf({ 'x-lockstep-key': key })).toBe(401)
    expect(await statusOf({ cookie, 'x-lockstep-key': other.key })).toBe(401)
    expect(await statusOf({ cookie: `${cookie}x`, 'x-lockstep-key': key })).toBe(401)
  })

  it.each([
    ['neither cookie nor key', { cookie: '', key: '' }],
    ['a key alone', { cookie: '' }],
    ['a cookie alone, as another port of this host would have it', { key: '' }],
    ['a made-up cookie', { cookie: 'lockstep=1' }],
  ])('is needed at the WebSocket: %s is not enough', async (_title, missing) => {
    const session = { ...(await web.signIn()), ...missing }
    await expect(web.connect(session)).rejects.toThrow('refused with 401')
    expect(web.service.countClients()).toBe(0)
  })

  it('opens nothing but the engine: another path is refused', async () => {
    const { cookie, key } = await web.signIn()
    const answer = await web.send(
      `GET /other HTTP/1.1\r\nHost: ${web.host}\r\nOrigin: ${web.origin}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\n` +
        `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: lockstep.v1, ${key}\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 404 /)
  })
})

describe('every answer', () => {
  it.each<[string, (opened: OpenedWeb) => Promise<WebAnswer>]>([
    ['a page', opened => opened.ask('/')],
    ['an asset', opened => opened.ask('/assets/index-Ab12_-cd.js')],
    ['a missing file', opened => opened.ask('/missing')],
    ['a foreign Host', opened => opened.ask('/', { headers: { host: 'evil.example' } })],
    ['a foreign Origin', opened => opened.ask('/', { headers: { origin: 'http://evil.example' } })],
    ['a wrong method', opened => opened.ask('/', { method: 'DELETE', headers: { origin: opened.origin } })],
    ['a sign-in', opened => opened.postToken(opened.newToken())],
    ['a wrong token', opened => opened.postToken('wrong')],
    ['no session', opened => opened.ask('/session')],
    ['an unknown expectation', opened => opened.ask('/', { headers: { expect: 'the-unexpected' } })],
  ])('has the security headers: %s', async (_title, ask) => {
    const { headers } = await ask(web)
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'/,
    )
    expect(headers['content-security-policy']).toMatch(
      /base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'$/,
    )
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['x-powered-by']).toBeUndefined()
  })

  it('names the WebSocket of the host it was asked at, and of no other', async () => {
    expect((await web.ask('/')).headers['content-security-policy']).toContain(
      `connect-src 'self' ws://${web.host};`,
    )
    const foreign = await web.ask('/', { headers: { host: 'evil.example' } })
    expect(foreign.headers['content-security-policy']).toContain("connect-src 'self';")
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('refuses %s on a file', async method => {
    const answer = await web.ask('/', { method, headers: { origin: web.origin } })
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })
})
