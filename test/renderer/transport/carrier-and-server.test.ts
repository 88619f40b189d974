import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionState, EngineApi } from '../../../shared/api/engine-api.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { createFakeService, type FakeService } from '../../web/fake-service.ts'
import { openNodeBrowser } from '../../web/node-browser.ts'
import { type OpenedWeb, openWeb } from '../../web/open-web.ts'

/** A run of so many events, told in batches after the number that is asked for; 100 at most, so that one connection is not enough. */
function createFollowedService(length: number): FakeService {
  const service = createFakeService((name, input) => {
    if (name !== 'run.follow') return { ok: true, value: {} }
    const { afterSeq } = input as { afterSeq: number }
    queueMicrotask(() => {
      for (let first = afterSeq + 1; first <= Math.min(length, afterSeq + 100); first += 10) {
        const events = Array.from(
          { length: Math.min(10, length - first + 1) },
          (_, index) => ({ seq: first + index }) as unknown as RunEvent,
        )
        service.publish({ type: 'run.events', runId: 'r', events })
      }
    })
    return { ok: true, value: {} }
  })
  return service
}

/** What the renderer's store does: asks again from its last number whenever it is connected. */
function follow(api: EngineApi): { readonly seen: number[]; readonly states: ConnectionState['state'][] } {
  const seen: number[] = []
  const states: ConnectionState['state'][] = []
  api.subscribe(event => {
    if (event.type === 'run.events') seen.push(...event.events.map(one => one.seq))
  })
  api.watchConnection(({ state }) => {
    states.push(state)
    if (state === 'connected') void api.request('run.follow', { runId: 'r', afterSeq: seen.at(-1) ?? 0 })
  })
  return { seen, states }
}

let web: OpenedWeb

afterEach(() => web.close())

describe('a page in front of the real server', () => {
  beforeEach(async () => {
    web = await openWeb({ service: createFollowedService(500) })
  })

  it('signs in, asks and is answered', async () => {
    const { api } = openNodeBrowser(web.dashboard.newAddress())
    expect(await api.request('run.list', {})).toEqual({ ok: true, value: {} })
  })

  it('misses and repeats no event when its connection is cut again and again', async () => {
    const { api, sockets } = openNodeBrowser(web.dashboard.newAddress())
    const { seen, states } = follow(api)
    let cut: unknown = null
    api.subscribe(() => {
      const socket = sockets.at(-1)
      if (socket === cut || seen.at(-1) === 500) return
      cut = socket
      socket?.terminate()
    })
    await waitUntil(() => seen.at(-1) === 500 && states.at(-1) === 'connected', 'every event')
    expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
    expect(states.filter(state => state === 'lost').length).toBeGreaterThanOrEqual(4)
  })

  it('learns that the server ended', async () => {
    const { api } = openNodeBrowser(web.dashboard.newAddress())
    const states: ConnectionState[] = []
    api.watchConnection(state => states.push(state))
    await waitUntil(() => states.at(-1)?.state === 'connected', 'the connection')
    await web.dashboard.close('ended')
    await waitUntil(() => states.at(-1)?.state === 'closed', 'the end')
    expect(states.at(-1)).toEqual({ state: 'closed', reason: 'ended' })
    web = await openWeb()
  })
})
