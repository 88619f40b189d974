/** Time, as a port: tests replace it, the engine never reads a global clock. */
export interface Clock {
  /** RFC 3339, UTC, milliseconds. */
  now(): string
  /** Milliseconds that only ever grow. */
  monotonicMs(): number
  /** Waits; resolves early, without throwing, when the signal comes. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  /** A number from 0 to 1, for jitter. */
  random(): number
}
