/** Starts a process of this program: the engine, or the sandbox. */
export type StartProcess = (part: 'engine' | 'sandbox', argument: string) => StartedProcess

/** A process of this program; messages are JSON. */
export interface StartedProcess {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Told once, however it ended. */
  onExit(listener: (how: string) => void): void
  /** Ends it; it has undone its work before. */
  stop(): void
}
