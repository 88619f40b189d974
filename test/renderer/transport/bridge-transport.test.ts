import { describe, expect, it } from 'vitest'
import { createBridgeTransport } from '../../../renderer/transport/bridge-transport.ts'
import { chooseTransport } from '../../../renderer/transport/choose-transport.ts'
import type { EngineEvent } from '../../../shared/api/engine-api.ts'
import type { DesktopBridge } from '../../../shared/api/messages.ts'

function createFakeBridge(request: DesktopBridge['request']) {
  let tell = (_event: EngineEvent): void => undefined
  const bridge: DesktopBridge = {
    request,
    subscribe: listener => {
      tell = listener
      return () => {
        tell = () => undefined
      }
    },
    onCommand: () => () => undefined,
    onNavigate: () => () => undefined,
  }
  return { bridge, tell: (event: EngineEvent) => tell(event) }
}

describe('the engine behind the bridge of the desktop', () => {
  it('answers what the bridge answers', async () => {
    const { bridge } = createFakeBridge(async (name, input) => ({ ok: true, value: { name, input } }))
    const reply = await createBridgeTransport(bridge).request('run.read', { runId: 'last' })
    expect(reply).toEqual({ ok: true, value: { name: 'run.read', input: { runId: 'last' } } })
  })

  it('is not connected where the bridge breaks', async () => {
    const { bridge } = createFakeBridge(() => Promise.reject(new Error('no handler')))
    expect(await createBridgeTransport(bridge).request('run.list', {})).toEqual({
      ok: false,
      failure: { kind: 'not_connected', during: 'run.list' },
    })
  })

  it('tells events until one stops listening, and is always connected', () => {
    const { bridge, tell } = createFakeBridge(async () => ({ ok: true, value: null }))
    const api = createBridgeTransport(bridge)
    const events: EngineEvent[] = []
    const stop = api.subscribe(event => events.push(event))
    tell({ type: 'runs.changed' })
    stop()
    tell({ type: 'topology.changed' })
    expect(events).toEqual([{ type: 'runs.changed' }])
    const states: unknown[] = []
    api.watchConnection(state => states.push(state))()
    expect(states).toEqual([{ state: 'connected' }])
  })

  it('is chosen wherever a window has a bridge', async () => {
    const { bridge } = createFakeBridge(async () => ({ ok: true, value: [] }))
    const api = chooseTransport({ lockstep: bridge } as unknown as Window)
    expect(await api.request('run.list', {})).toEqual({ ok: true, value: [] })
  })
})
