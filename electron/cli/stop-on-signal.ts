/** What a verb that only looks does when it is interrupted. */
export interface SignalStop {
  readonly signal: AbortSignal
  /** 130 or 143 once a signal has come; null before. */
  readonly exitCode: () => number | null
  readonly end: () => void
}

/** npm and a terminal may both deliver one Ctrl-C: what comes within this time is the same one. */
const sameSignalMs = 400

/** Lets the first Ctrl-C end the work in good order, so that no copy stays behind; a second one ends the process. */
export function stopOnSignal(): SignalStop {
  const controller = new AbortController()
  let exitCode: number | null = null
  let firstAt = 0
  const onSignal = (signal: NodeJS.Signals): void => {
    if (exitCode === null) {
      exitCode = signal === 'SIGINT' ? 130 : 143
      firstAt = performance.now()
      controller.abort(new Error(`interrupted by ${signal}`))
      return
    }
    if (performance.now() - firstAt >= sameSignalMs) process.exit(exitCode)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    end: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
