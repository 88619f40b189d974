import type { EngineApi } from '../../shared/api/engine-api.ts'
import type { DesktopBridge } from '../../shared/api/messages.ts'
import { createBridgeTransport } from './bridge-transport.ts'
import { browserPlace } from './web-place.ts'
import { createWebSocketTransport } from './web-socket-transport.ts'

declare global {
  interface Window {
    /** There in the desktop application only. */
    readonly lockstep?: DesktopBridge
  }
}

/**
 * The engine of this window: over the desktop's bridge where there is one, else over the server that the page came from.
 *
 * It takes a one-time token out of the address, so it comes before anything that reads the address.
 */
export function chooseTransport(window: Window): EngineApi {
  return window.lockstep
    ? createBridgeTransport(window.lockstep)
    : createWebSocketTransport(browserPlace(window))
}
