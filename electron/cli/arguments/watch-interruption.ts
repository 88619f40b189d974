import type { Outcome } from '../../../shared/run/outcome.ts'
import type { Interruption } from '../../engine/context/interruption.ts'
import { type EndSignal, watchSignals } from '../../host/signals/watch-signals.ts'
import { scrubText } from '../../lib/scrub-text.ts'

/** What a verb does when it is interrupted. */
export interface InterruptedWork {
  /** What happens from the first signal on, in one sentence without its full stop. */
  readonly stopping: string
  /** What is waited for when another signal comes, such as `undoing`. */
  readonly waitingFor: string
  /** Says what is left behind by ending now, and gives the exit code: that of the outcome given, where nothing is. */
  readonly leave: (otherwise: Outcome) => number
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

/**
 * Turns the first signal into a request to stop and undo, which no later one cuts short but Ctrl-C twice at a terminal.
 *
 * An error that was not caught leaves an unknown state: the work is left at once, and what is left of it is said.
 */
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
    onLeave: () => process.exit(leave('interrupted')),
  })
  const onUncaught = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    say(`internal error: ${scrubText(text)}`)
    process.exit(leave('tool_failed'))
  }
  process.on('uncaughtException', onUncaught)
  return {
    signal: controller.signal,
    name: () => name,
    end: () => {
      process.off('uncaughtException', onUncaught)
      end()
    },
  }
}
