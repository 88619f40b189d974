/** npm, a terminal and the process that started this one may each deliver one Ctrl-C: what comes within this time is the same one. */
const sameSignalMs = 400

/** Resolves with the first SIGINT or SIGTERM. A later one ends the process at once, as it would without this. */
export function watchSignals(): Promise<'SIGINT' | 'SIGTERM'> {
  return new Promise(resolve => {
    let isFirst = true
    const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
      if (!isFirst) return
      isFirst = false
      resolve(signal)
      setTimeout(() => {
        process.off('SIGINT', onSignal)
        process.off('SIGTERM', onSignal)
      }, sameSignalMs).unref()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}
