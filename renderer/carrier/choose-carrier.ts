import type { EngineApi } from '../../shared/api/engine-api.ts'
import type { DesktopBridge } from '../../shared/api/messages.ts'
import { createBridgeCarrier } from './bridge-carrier.ts'

declare global {
  interface Window {
    /** Present in the desktop app. */
    readonly lockstep?: DesktopBridge
  }
}

/** The engine, however it is carried to this window. */
export function chooseCarrier(window: Window): EngineApi {
  if (!window.lockstep) throw new Error('there is no engine behind this page')
  return createBridgeCarrier(window.lockstep)
}
