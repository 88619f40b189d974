/** Time for readers; tests have their own. */
export interface TerminalClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls again and again until the returned function is called; keeps no process alive. */
  every(milliseconds: number, tick: () => void): () => void
}

/** The clock of the system. */
export const systemTerminalClock: TerminalClock = {
  now: Date.now,
  every(milliseconds, tick) {
    const timer = setInterval(tick, milliseconds)
    timer.unref()
    return () => clearInterval(timer)
  },
}
