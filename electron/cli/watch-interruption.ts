import type { Interruption } from '../engine/interruption.ts'
import { type EndSignal, watchSignals } from '../host/signals/watch-signals.ts'

/** What a verb does when it is interrupted. */
export interface InterruptedWork {
  /** What happens from the first signal on, in one sentence without its full stop. */
  readonly stopping: string
  /** What is waited for when another signal comes, such as `undoing`. */
  readonly waitingFor: string
  /** Says what is left behind by ending now, and gives the exit code. */
  readonly leave: () => number
}

/** What a run that is interrupted does. */
export const undoingRun = {
  stopping: 'no tenant is started any more, what runs is cancelled and undone',
  waitingFor: 'undoing',
} as const

/** An interruption that a verb waits for. */
export interface WatchedInterruption extends Interruption {
  readonly name: () => EndSignal | null
  readonly end: () => void
}

/** Turns the first signal into a request to stop and undo, which no later one cuts short but Ctrl-C twice at a terminal. */
export function watchInterruption(
  say: (line: string) => void,
  { stopping, waitingFor, leave }: InterruptedWork,
): WatchedInterruption {
  const controller = new AbortController()
  let name: EndSignal | null = null
  const end = watchSignals({
    onFirst: (signal, hint) => {
      name = signal
      say(`stopping: ${stopping}.${hint}`)
      controller.abort(new Error(`interrupted by ${signal}`))
    },
    onLater: (signal, hint) => say(`${signal}: ${waitingFor} goes on, and is waited for.${hint}`),
    onLeave: () => process.exit(leave()),
  })
  return { signal: controller.signal, name: () => name, end }
}
