import type { EngineApi, InputOf, OutputOf, Reply, RequestName } from '../../shared/api/engine-api.ts'
import type { DesktopBridge } from '../../shared/api/messages.ts'

/** The engine over Electron's IPC: connected as long as there is a window. */
export function createBridgeCarrier(bridge: DesktopBridge): EngineApi {
  return {
    request<Name extends RequestName>(name: Name, input: InputOf<Name>): Promise<Reply<OutputOf<Name>>> {
      // The engine checks what comes in and answers by the contract: this is the boundary where it is believed.
      return bridge.request(name, input) as Promise<Reply<OutputOf<Name>>>
    },
    subscribe: listener => bridge.subscribe(listener),
    watchConnection(listener) {
      listener({ state: 'connected' })
      return () => undefined
    },
  }
}
