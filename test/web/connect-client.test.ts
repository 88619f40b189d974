import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import type { EngineEvent } from '../../shared/api/engine-api.ts'
import { waitUntil } from '../support/wait-until.ts'
import { createFakeService } from './fake-service.ts'
import { type OpenedWeb, openWeb } from './open-web.ts'

let web: OpenedWeb

beforeEach(async () => {
  web = await openWeb({
    service: createFakeService((name, input) =>
      name === 'run.start'
        ? { ok: false, failure: { kind: 'read_only', action: 'start a run' } }
        : { ok: true, value: { name, input } },
    ),
  })
})

afterEach(() => web.close())

/** What a socket receives, and how it is closed. */
function listen(socket: WebSocket) {
  const messages: unknown[] = []
  socket.on('message', data => messages.push(JSON.parse(String(data))))
  const closed = new Promise<number>(resolve => socket.once('close', code => resolve(code)))
  return { messages, closed }
}

const runsChanged: EngineEvent = { type: 'runs.changed' }

describe('a request over the WebSocket', () => {
  it('is answered with its own id', async () => {
    const socket = await web.connect(await web.signIn())
    const { messages } = listen(socket)
    socket.send('{"id":7,"name":"run.list","input":{}}')
    socket.send('{"id":8,"name":"run.read","input":{"runId":"last"}}')
    await waitUntil(() => messages.length === 2, 'two replies')
    expect(messages).toEqual([
      { id: 7, reply: { ok: true, value: { name: 'run.list', input: {} } } },
      { id: 8, reply: { ok: true, value: { name: 'run.read', input: { runId: 'last' } } } },
    ])
  })

  it('is refused by the engine alone: what a read-only one says is passed on', async () => {
    const socket = await web.connect(await web.signIn())
    const { messages } = listen(socket)
    socket.send('{"id":1,"name":"run.start","input":{"planId":"p","confirmation":null}}')
    await waitUntil(() => messages.length === 1, 'the reply')
    expect(messages).toEqual([
      { id: 1, reply: { ok: false, failure: { kind: 'read_only', action: 'start a run' } } },
    ])
  })

  it.each([
    '',
    'x',
    '1',
    'null',
    '[]',
    '{}',
    '{"id":1,"name":"run.list"}',
    '{"id":"1","name":"run.list","input":{}}',
    '{"id":1,"name":2,"input":{}}',
    '{"id":1.5,"name":"run.list","input":{}}',
  ])('ends the connection when it is %j', async text => {
    const socket = await web.connect(await web.signIn())
    const { closed } = listen(socket)
    socket.send(text)
    expect(await closed).toBe(1008)
    expect(web.service.requests).toEqual([])
  })

  it('ends the connection when it is binary', async () => {
    const socket = await web.connect(await web.signIn())
    const { closed } = listen(socket)
    socket.send(Buffer.from('{"id":1,"name":"run.list","input":{}}'))
    expect(await closed).toBe(1008)
  })

  it('has at most 1 MB, and a log that is imported may have more', async () => {
    const text = 'x'.repeat(2 * 1024 * 1024)
    const socket = await web.connect(await web.signIn())
    const { messages, closed } = listen(socket)
    socket.send(JSON.stringify({ id: 1, name: 'run.import', input: { name: 'events.jsonl', text } }))
    await waitUntil(() => messages.length === 1, 'the reply to an import')
    socket.send(JSON.stringify({ id: 2, name: 'preferences.write', input: { text } }))
    expect(await closed).toBe(1009)
    expect(web.service.requests.map(request => request.name)).toEqual(['run.import'])
  })

  it('has at most 64 MB in any case', async () => {
    const socket = await web.connect(await web.signIn())
    const { closed } = listen(socket)
    socket.on('error', () => undefined)
    socket.send(JSON.stringify({ id: 1, name: 'run.import', input: { text: 'x'.repeat(64 * 1024 * 1024) } }))
    expect(await closed).not.toBe(1000)
    expect(web.service.requests).toEqual([])
  })
})

describe('several tabs', () => {
  it('share a session, hear the same events, and get their own replies', async () => {
    const session = await web.signIn()
    const sockets = [await web.connect(session), await web.connect(session)]
    const [left, right] = sockets.map(listen)
    sockets[0]?.send('{"id":1,"name":"run.list","input":{}}')
    web.service.publish(runsChanged)
    await waitUntil(() => left?.messages.length === 2 && right?.messages.length === 1, 'event and reply')
    expect(right?.messages).toEqual([{ event: runsChanged }])
    expect(web.dashboard.countClients()).toBe(2)
  })

  it('of two browsers have sessions of their own', async () => {
    const sessions = [await web.signIn(), await web.signIn()]
    expect(sessions[0]?.cookie).not.toBe(sessions[1]?.cookie)
    for (const session of sessions) await web.connect(session)
    expect(web.service.countClients()).toBe(2)
  })

  it('end at the engine when they are closed', async () => {
    const socket = await web.connect(await web.signIn())
    expect(web.service.countClients()).toBe(1)
    socket.close()
    await waitUntil(() => web.service.countClients() === 0, 'the client to end')
  })
})

describe('a client that is too slow', () => {
  it('is let go instead of being waited for in memory, and is served again when it comes back', async () => {
    const session = await web.signIn()
    const socket = await web.connect(session)
    const { closed } = listen(socket)
    socket.pause()
    const line = 'x'.repeat(64 * 1024)
    await waitUntil(() => {
      for (let sent = 0; sent < 32; sent += 1) web.service.publish({ type: 'progress', task: 'demo', line })
      return web.service.countClients() === 0
    }, 'the slow client to be let go')
    socket.resume()
    expect(await closed).toBe(1006)
    const again = await web.connect(session)
    const { messages } = listen(again)
    web.service.publish(runsChanged)
    await waitUntil(() => messages.length === 1, 'an event')
    expect(messages).toEqual([{ event: runsChanged }])
  })

  it('is not what asks for much: a long reply arrives, and so do events behind it', async () => {
    const text = 'x'.repeat(12 * 1024 * 1024)
    const large = await openWeb({ service: createFakeService(() => ({ ok: true, value: text })) })
    try {
      const socket = await large.connect(await large.signIn())
      const { messages } = listen(socket)
      socket.send('{"id":1,"name":"log.download","input":{}}')
      await waitUntil(() => large.service.requests.length === 1, 'the request')
      large.service.publish(runsChanged)
      await waitUntil(() => messages.length === 2, 'reply and event')
      expect(messages).toContainEqual({ id: 1, reply: { ok: true, value: text } })
      expect(messages).toContainEqual({ event: runsChanged })
    } finally {
      await large.close()
    }
  })
})

describe('a client that is gone without a word', () => {
  it('is noticed by its missing pong', async () => {
    const quick = await openWeb({ pingEveryMs: 20 })
    try {
      const session = await quick.signIn()
      const silent = await quick.connect(session)
      const lively = await quick.connect(session)
      // `ws` answers pings by itself, unless it does not read.
      silent.pause()
      await waitUntil(() => quick.service.countClients() === 1, 'the silent client to be let go')
      expect(lively.readyState).toBe(lively.OPEN)
    } finally {
      await quick.close()
    }
  })
})

describe('the end of the server', () => {
  it.each([
    ['ended', 4001],
    ['idle', 4002],
  ] as const)('is told to every client as %s, and frees the port', async (why, code) => {
    const socket = await web.connect(await web.signIn())
    const { closed } = listen(socket)
    await web.dashboard.close(why)
    expect(await closed).toBe(code)
    await expect(web.ask('/')).rejects.toThrow(/ECONNREFUSED/)
    web = await openWeb()
  })

  it('does not wait for a client that does not say goodbye', async () => {
    const socket = await web.connect(await web.signIn())
    socket.pause()
    await web.dashboard.close('ended')
    expect(web.service.countClients()).toBe(0)
    socket.terminate()
    web = await openWeb()
  })
})
