import { describe, expect, it } from 'vitest'
import { createWebSocketTransport } from '../../../renderer/transport/web-socket-transport.ts'
import type { ConnectionState, EngineApi, EngineEvent } from '../../../shared/api/engine-api.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { createFakePlace, type FakePlace } from './fake-place.ts'

const token = 'T'.repeat(43)

function watch(api: EngineApi): ConnectionState[] {
  const states: ConnectionState[] = []
  api.watchConnection(state => states.push(state))
  return states
}

/** The newest socket, once there are so many. */
async function socketOf(place: FakePlace, count = 1) {
  await waitUntil(() => place.sockets.length === count, `socket ${count}`)
  return place.sockets[count - 1]!
}

async function openConnected(place = createFakePlace(`#token=${token}`)) {
  const api = createWebSocketTransport(place)
  const socket = await socketOf(place)
  socket.on.open()
  return { api, place, socket }
}

describe('a one-time address', () => {
  it('loses its token before anything else happens, and keeps the view', () => {
    const place = createFakePlace(`#token=${token}&at=%2Fruns%2F01K2%3Fline%3D4`)
    createWebSocketTransport(place)
    expect(place.location.hash).toBe('#/runs/01K2?line=4')
  })

  it('without a view leads to the start', () => {
    const place = createFakePlace(`#token=${token}`)
    createWebSocketTransport(place)
    expect(place.location.hash).toBe('')
  })

  it('is exchanged for a session, whose key is kept and offered to the WebSocket', async () => {
    const place = createFakePlace(`#token=${token}`)
    createWebSocketTransport(place)
    const socket = await socketOf(place)
    expect(place.asked.map(({ path, init }) => [init.method ?? 'GET', path, init.body ?? null])).toEqual([
      ['POST', '/session', JSON.stringify({ token })],
      ['GET', '/session', null],
    ])
    expect([...place.stored.values()]).toEqual(['key-1'])
    expect(socket).toMatchObject({
      address: 'ws://127.0.0.1:4711/engine',
      protocols: ['lockstep.v1', 'key-1'],
    })
  })

  it('that was used goes on with the session that it opened', async () => {
    const place = createFakePlace(`#token=${token}`)
    place.stored.set('lockstep.session-key', 'key-0')
    place.server.post = 401
    createWebSocketTransport(place)
    expect((await socketOf(place)).protocols).toEqual(['lockstep.v1', 'key-0'])
  })

  it('that was used elsewhere leaves the page signed out', async () => {
    const place = createFakePlace(`#token=${token}`)
    place.server.post = 401
    const states = watch(createWebSocketTransport(place))
    await waitUntil(() => states.length > 1, 'the end')
    expect(states.at(-1)).toEqual({ state: 'closed', reason: 'not_signed_in' })
    expect(place.sockets).toEqual([])
    expect(place.waits).toEqual([])
  })

  it('opens a page again that was signed out, without loading it', async () => {
    const place = createFakePlace('#/plan')
    const states = watch(createWebSocketTransport(place))
    await waitUntil(() => states.at(-1)?.state === 'closed', 'the end')
    place.changeAddress(`#token=${token}&at=/runs`)
    expect(place.location.hash).toBe('#/runs')
    const socket = await socketOf(place)
    socket.on.open()
    expect(states.at(-1)).toEqual({ state: 'connected' })
  })

  it('leaves other addresses alone', () => {
    const place = createFakePlace('#/runs/01K2?token=x')
    createWebSocketTransport(place)
    expect(place.location.hash).toBe('#/runs/01K2?token=x')
  })
})

describe('a request', () => {
  it('made before the connection is sent when it is there, and gets the reply with its id', async () => {
    const place = createFakePlace(`#token=${token}`)
    const api = createWebSocketTransport(place)
    const replies = Promise.all([api.request('run.list', {}), api.request('run.report', { runId: 'last' })])
    const socket = await socketOf(place)
    expect(socket.sent).toEqual([])
    socket.on.open()
    await waitUntil(() => socket.sent.length === 2, 'two requests')
    expect(socket.sent.map(text => JSON.parse(text))).toEqual([
      { id: 1, name: 'run.list', input: {} },
      { id: 2, name: 'run.report', input: { runId: 'last' } },
    ])
    socket.on.message('{"id":2,"reply":{"ok":true,"value":{"text":"report"}}}')
    socket.on.message('{"id":1,"reply":{"ok":false,"failure":{"kind":"project_missing"}}}')
    expect(await replies).toEqual([
      { ok: false, failure: { kind: 'project_missing' } },
      { ok: true, value: { text: 'report' } },
    ])
  })

  it('whose reply got lost says so, and is never sent again', async () => {
    const { api, place, socket } = await openConnected()
    const reply = api.request('run.start', { planId: 'p', confirmation: null })
    await waitUntil(() => socket.sent.length === 1, 'the request')
    socket.on.close(1006)
    expect(await reply).toEqual({ ok: false, failure: { kind: 'not_connected', during: 'run.start' } })
    await waitUntil(() => place.waits.length === 1, 'the wait')
    place.goOn()
    const again = await socketOf(place, 2)
    again.on.open()
    expect(again.sent).toEqual([])
  })

  it('made while the connection is lost fails at once', async () => {
    const { api, place, socket } = await openConnected()
    socket.on.close(1006)
    await waitUntil(() => place.waits.length === 1, 'the wait')
    expect(await api.request('run.list', {})).toEqual({
      ok: false,
      failure: { kind: 'not_connected', during: 'run.list' },
    })
  })

  it('made before a connection that does not come about fails', async () => {
    const place = createFakePlace('')
    const api = createWebSocketTransport(place)
    expect(await api.request('run.list', {})).toMatchObject({ ok: false })
  })
})

describe('a lost connection', () => {
  it('is tried again after 0.25 to 10 seconds, ever more rarely, and says since when and until when', async () => {
    const { api, place, socket } = await openConnected()
    const states = watch(api)
    place.server.get = 0
    socket.on.close(1006)
    for (let count = 1; count <= 8; count += 1) {
      await waitUntil(() => place.waits.length === count, `wait ${count}`)
      if (count < 8) place.goOn()
    }
    expect(place.waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
    expect(states.slice(0, 3)).toEqual([
      { state: 'connected' },
      { state: 'lost', since: 1_000_000, retryAt: 1_000_250 },
      { state: 'lost', since: 1_000_000, retryAt: 1_000_500 },
    ])
    place.server.get = 204
    place.goOn()
    const again = await socketOf(place, 2)
    again.on.open()
    expect(states.at(-1)).toEqual({ state: 'connected' })
    again.on.close(1006)
    await waitUntil(() => place.waits.length === 9, 'the wait after a connection')
    expect(place.waits[8]).toBe(250)
  })

  it('is tried by several tabs at different times', async () => {
    const { place, socket } = await openConnected(createFakePlace(`#token=${token}`, 0))
    place.server.get = 0
    socket.on.close(1006)
    for (let count = 1; count <= 3; count += 1) {
      await waitUntil(() => place.waits.length === count, `wait ${count}`)
      place.goOn()
    }
    expect(place.waits.slice(0, 3)).toEqual([250, 250, 500])
  })

  it('ends when another server took the place of the one it knew', async () => {
    const { api, place, socket } = await openConnected()
    const states = watch(api)
    place.server.get = 401
    socket.on.close(1006)
    await waitUntil(() => place.waits.length === 1, 'the wait')
    place.goOn()
    await waitUntil(() => states.at(-1)?.state === 'closed', 'the end')
    expect(states.at(-1)).toEqual({ state: 'closed', reason: 'not_signed_in' })
  })

  it('keeps a token that nobody answered to', async () => {
    const place = createFakePlace(`#token=${token}`)
    place.server.post = 0
    createWebSocketTransport(place)
    await waitUntil(() => place.waits.length === 1, 'the wait')
    place.server.post = 200
    place.goOn()
    await socketOf(place)
    expect(place.asked.filter(({ init }) => init.method === 'POST')).toHaveLength(2)
  })

  it.each([
    [4001, 'ended'],
    [4002, 'idle'],
  ] as const)('with code %i is over for good: %s', async (code, reason) => {
    const { api, place, socket } = await openConnected()
    const states = watch(api)
    socket.on.close(code)
    await waitUntil(() => states.length === 2, 'the end')
    expect(states.at(-1)).toEqual({ state: 'closed', reason })
    expect(place.waits).toEqual([])
  })
})

describe('those who listen', () => {
  it('hear every event until they stop', async () => {
    const { api, socket } = await openConnected()
    const left: EngineEvent[] = []
    const right: EngineEvent[] = []
    const stop = api.subscribe(event => {
      left.push(event)
      stop()
    })
    api.subscribe(event => right.push(event))
    socket.on.message('{"event":{"type":"runs.changed"}}')
    socket.on.message('{"event":{"type":"topology.changed"}}')
    expect(left).toEqual([{ type: 'runs.changed' }])
    expect(right).toEqual([{ type: 'runs.changed' }, { type: 'topology.changed' }])
  })

  it('are told the state of the connection at once', async () => {
    const { api } = await openConnected()
    expect(watch(api)).toEqual([{ state: 'connected' }])
  })
})
