import type { Interruption } from '../engine/interruption.ts'

/** npm and a terminal may both deliver one Ctrl-C: what comes within this time is the same one. */
const sameSignalMs = 400

/** Turns the first Ctrl-C into a request to stop and undo; a second one ends the process, and says what that leaves. */
export function watchInterruption(say: (line: string) => void): Interruption & { readonly end: () => void } {
  const controller = new AbortController()
  let name: 'SIGINT' | 'SIGTERM' | null = null
  let firstAt = 0
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (name === null) {
      name = signal
      firstAt = performance.now()
      say(
        'stopping: no tenant is started any more, what runs is cancelled and undone. Once more to leave at once',
      )
      controller.abort()
      return
    }
    if (performance.now() - firstAt < sameSignalMs) return
    say('left at once: tenants may stay prepared and locked. Next: lockstep recover')
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    name: () => name,
    end: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
