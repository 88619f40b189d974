import { EventEmitter } from 'node:events'
import { crossAsJson } from './json-only.ts'
import type { FromMain } from './preload-world.ts'

type Handler = (event: object, ...args: readonly unknown[]) => unknown

const handlers = new Map<string, Handler>()

class IpcMain extends EventEmitter {
  handle(channel: string, handler: Handler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  }
}

/** Electron's `ipcMain`. */
export const ipcMain = new IpcMain()

/** What a page gets for `ipcRenderer.invoke`; an error loses its class on the way. */
export async function answerInvoke(
  channel: string,
  event: object,
  args: readonly unknown[],
): Promise<FromMain> {
  try {
    const handler = handlers.get(channel)
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
    const value: unknown = await handler(event, ...args)
    return { value: value === undefined ? null : crossAsJson(value) }
  } catch (error) {
    return { error: `Error invoking remote method '${channel}': ${String(error)}` }
  }
}
