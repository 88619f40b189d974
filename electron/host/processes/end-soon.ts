const timeoutMs = 5_000

/** A process that has undone and closed everything may not be kept by what somebody forgot to let go of. */
export function endSoon(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), timeoutMs).unref()
}
