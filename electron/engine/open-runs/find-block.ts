import type { Failure } from '../../../shared/failure/failure.ts'
import type { StoredRun } from '../ports/run-log.ts'
import { nameUnfinished, type OpenRun } from './find-open-runs.ts'

/** What is known of runs that may be in the way. */
export interface RunsInTheWay {
  /** Votes that are prepared, whichever run they belong to. */
  readonly votes: Extract<Failure, { kind: 'run_unfinished' }> | null
  readonly project: string
  readonly runs: readonly Pick<StoredRun, 'runId' | 'alive'>[]
  /** What `recover` would settle, in its order. */
  readonly openRuns: readonly OpenRun[]
}

/**
 * Why a run would be refused now; null when none is in the way.
 *
 * Open votes say more than a log without an end: they name who is prepared. Those of a run that is at work are open as
 * they should be.
 */
export function findBlock({ project, votes, runs, openRuns }: RunsInTheWay): Failure | null {
  if (votes) {
    const isAlive = runs.some(run => run.runId === votes.runId && run.alive)
    return isAlive ? { kind: 'run_locked', cluster: project, holder: `lockstep ${votes.runId}` } : votes
  }
  const unfinished = openRuns.find(run => run.state !== 'unproven')
  return unfinished ? nameUnfinished(unfinished) : null
}
