import type { InterruptionSignal } from '../../../shared/run/run-intent.ts'
import type { Interruption } from './interruption.ts'
import type { RunContext } from './run-context.ts'

/** Gives the name of what has interrupted the run, once it is on record; null when nothing has. */
export type EndNoting = () => Promise<InterruptionSignal | null>

/**
 * Puts an interruption on record when it comes, and not only when the run has undone everything: who is killed before
 * must not look like one that would have gone on to its other groups.
 */
export function noteInterruption(
  { recorder }: Pick<RunContext, 'recorder'>,
  { signal, name }: Interruption,
): EndNoting {
  let noted: Promise<unknown> | null = null
  const note = (): void => {
    const interruptedBy = name()
    if (interruptedBy !== null)
      noted ??= recorder.tryRecord({ type: 'run.interrupted', signal: interruptedBy })
  }
  if (signal.aborted) note()
  else signal.addEventListener('abort', note, { once: true })
  return async () => {
    signal.removeEventListener('abort', note)
    note()
    await noted
    return name()
  }
}
