const timeoutMs = 5_000

/** A process that has undone and closed everything may not be kept alive by a handle that was not closed. */
export function endSoon(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), timeoutMs).unref()
}
