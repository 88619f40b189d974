import type { Failure } from '../../../shared/failure/failure.ts'
import type { StoredRun } from '../ports/run-log.ts'
import type { LockInTheWay } from './find-held-lock.ts'
import { nameUnfinished, type OpenRun } from './find-open-runs.ts'

/** What is known of runs that may be in the way. */
export interface BlockingRuns {
  /** Votes that are prepared in its tenants, or by its runs. */
  readonly votes: Extract<Failure, { kind: 'run_unfinished' }> | null
  /** The run lock that somebody has, of whichever project; null where none is held, and where nobody has looked. */
  readonly held: LockInTheWay | null
  readonly project: string
  readonly runs: readonly Pick<StoredRun, 'runId' | 'alive'>[]
  /** What `recover` would settle, in its order. */
  readonly openRuns: readonly OpenRun[]
}

/**
 * Why a run would be refused now; null when none is in the way.
 *
 * Open votes say more than a log without an end: they name who is prepared. Those of a run that is at work are open as
 * they should be, also where its log is not here: then it is the holder of the lock.
 */
export function findBlock({ project, votes, held, runs, openRuns }: BlockingRuns): Failure | null {
  // The session of a process that has just died may still be ending.
  const holding = runs.some(run => !run.alive && held?.holder.includes(run.runId)) ? null : held
  const locked: Failure | null = holding && { kind: 'run_locked', ...holding }
  if (votes) {
    const isAlive = runs.some(run => run.runId === votes.runId && run.alive)
    if (isAlive) return { kind: 'run_locked', cluster: project, holder: `lockstep ${votes.runId}` }
    return holding?.holder.includes(votes.runId) ? locked : votes
  }
  const unfinished = openRuns.find(run => run.state !== 'unproven')
  return unfinished ? nameUnfinished(unfinished) : locked
}
