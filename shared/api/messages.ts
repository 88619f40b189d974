import type { EngineEvent, Reply } from './engine-api.ts'

/** From a client: one request. JSON only. */
export interface ClientMessage {
  readonly id: number
  readonly name: string
  readonly input: unknown
}

/** To a client: the reply with the request's id, or an event. */
export type ServerMessage =
  | { readonly id: number; readonly reply: Reply<unknown> }
  | { readonly event: EngineEvent }

/** What the desktop's preload exposes as `window.lockstep`: the same messages over Electron's IPC. */
export interface DesktopBridge {
  request(name: string, input: unknown): Promise<Reply<unknown>>
  /** Calls back with each event; gives back how to stop. */
  subscribe(listener: (event: EngineEvent) => void): () => void
  /** Commands chosen in the application's menu, by their id. */
  onCommand(listener: (id: string) => void): () => void
  /** A deep link or a second start: the address to show, such as `#/runs/01K...`. */
  onNavigate(listener: (hash: string) => void): () => void
}
