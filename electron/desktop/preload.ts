import { contextBridge, ipcRenderer } from 'electron'
import type { EngineEvent } from '../../shared/api/engine-api.ts'
import type { DesktopBridge } from '../../shared/api/messages.ts'
import { channels } from './bridge/channels.ts'

/** Listeners get values only: an event of IPC would hand the page its sender. */
function listen<Value>(channel: string, listener: (value: Value) => void): () => void {
  const hear = (_event: unknown, value: Value): void => listener(value)
  ipcRenderer.on(channel, hear)
  return () => {
    ipcRenderer.removeListener(channel, hear)
  }
}

/** Everything that the page can reach of the shell. */
const bridge = {
  request: (name, input) => ipcRenderer.invoke(channels.request, name, input),
  subscribe: listener =>
    listen<readonly EngineEvent[]>(channels.events, events => {
      for (const event of events) listener(event)
    }),
  onCommand: listener => listen<string>(channels.command, listener),
  onNavigate: listener => listen<string>(channels.navigate, listener),
} satisfies DesktopBridge

contextBridge.exposeInMainWorld('lockstep', bridge)
