const patienceMs = 5_000

/** Ctrl-C in a terminal reaches every process of it: the shell decides what it means, and its parts wait for its word. */
export function outliveSignals(end: () => void): void {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  process.on('SIGTERM', end)
}

/** A process that has undone and closed everything may not be kept by what somebody forgot to let go of. */
export function endSoon(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), patienceMs).unref()
}
