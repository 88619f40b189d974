import type { Outcome } from '../../../shared/run/outcome.ts'
import { mayHaveCommitted } from '../../engine/open-runs/may-have-committed.ts'

/** What tells a rollback, and how it ended. */
interface ListedRun {
  readonly runId: string
  readonly outcome: Outcome | null
  /** Of a rollback: the run that it undoes. */
  readonly undoes?: string | null
}

/** Rollbacks that have undone something of a run, or may have, the newest first; one that was refused or came to nothing leaves it as it is. */
export function listRollbacksOf<Run extends ListedRun>(runs: readonly Run[], runId: string): readonly Run[] {
  return runs
    .filter(run => run.undoes === runId && (run.outcome === null || mayHaveCommitted(run)))
    .toSorted((left, right) => (left.runId < right.runId ? 1 : -1))
}

/** The last rollback of a run that came to its end; null where none did. */
export function findRollbackOf<Run extends ListedRun>(runs: readonly Run[], runId: string): Run | null {
  return listRollbacksOf(runs, runId).find(run => run.outcome === 'migrated') ?? null
}
