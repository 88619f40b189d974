import type { EngineApi, OutputOf, Reply } from '../../shared/api/engine-api.ts'
import type { DesktopBridge } from '../../shared/api/messages.ts'

/** The engine behind the desktop's bridge: as long as there is a window, it is connected. */
export function createBridgeTransport(bridge: DesktopBridge): EngineApi {
  return {
    async request(name, input) {
      try {
        return (await bridge.request(name, input)) as Reply<OutputOf<typeof name>>
      } catch {
        // The main process is leaving, or has reloaded.
        return { ok: false, failure: { kind: 'not_connected', during: name } }
      }
    },
    subscribe: listener => bridge.subscribe(listener),
    watchConnection(listener) {
      listener({ state: 'connected' })
      return () => undefined
    },
  }
}
