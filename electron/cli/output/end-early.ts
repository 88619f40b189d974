import type { Failure } from '../../../shared/failure/failure.ts'
import { exitCodeOf, type Outcome } from '../../../shared/run/outcome.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { EventReader } from '../../engine/recording/recorder.ts'
import type { Output } from './open-readers.ts'

/** Knows what ending at once leaves of a run, from what the run has told. */
export interface EarlyEnd {
  readonly reader: EventReader
  /** Says what is left, also as the document that was asked for, and gives the exit code: that of the outcome given, where no tenant may be prepared. */
  end(otherwise: Outcome): number
}

/** Hears a run from its first event on. */
export function createEarlyEnd(output: Pick<Output, 'close' | 'say' | 'printDocument'>): EarlyEnd {
  let runId: string | null = null
  let mayBePrepared = false
  let ended: Outcome | null = null
  /** Nothing of a run that has come to its end can be left behind. */
  const leaveEnded = (outcome: Outcome, otherwise: Outcome): number => {
    output.close()
    output.say(`left at once: the run had come to its end. Next: lockstep report ${runId}`)
    // Where Lockstep itself fails afterwards, a good end is no success any more.
    return exitCodeOf(otherwise === 'tool_failed' ? otherwise : outcome)
  }
  return {
    reader: event => {
      runId = event.runId
      if (event.type === 'run.finished') {
        ended = event.outcome
        mayBePrepared = event.outcome === 'needs_human'
      } else mayBePrepared ||= mayPrepare(event)
    },
    end(otherwise) {
      if (ended !== null && !mayBePrepared) return leaveEnded(ended, otherwise)
      const outcome: Outcome = mayBePrepared ? 'needs_human' : otherwise
      const exit_code = exitCodeOf(outcome)
      const next = `lockstep recover${runId === null ? '' : ` ${runId}`}`
      const left = mayBePrepared
        ? 'tenants may stay prepared and locked'
        : 'no tenant had been begun; a scratch copy may be left'
      output.close()
      output.say(`left at once: ${left}. Next: ${next}`)
      const failure: Failure | null = runId === null ? null : { kind: 'run_unfinished', runId, prepared: [] }
      output.printDocument({ schema_version: 1, execution_id: runId, outcome, exit_code, failure, next })
      return exit_code
    },
  }
}

/** A tenant that has begun may be prepared, or closed, at any moment, and so may one that a recovery has to settle. */
function mayPrepare({ type }: RunEvent): boolean {
  return type === 'tenant.started' || type === 'tenant.restoring' || type === 'recovery.started'
}
