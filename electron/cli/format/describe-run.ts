import { findRollbackOf } from '../../app/history/find-rollbacks.ts'
import type { StoredRun } from '../../engine/ports/run-log.ts'

/** How a run ended, or that it has not, and with which other run of a list it belongs together. */
export function describeRun(run: StoredRun, all: readonly StoredRun[], project: string | null): string {
  if (run.damage !== null) return run.damage
  return describeEnd(run, all) ?? (run.alive ? 'running' : describeUnfinished(run, project))
}

function describeEnd({ runId, outcome, undoes }: StoredRun, all: readonly StoredRun[]): string | null {
  if (outcome === null) return null
  if (undoes !== undefined)
    return outcome === 'migrated' ? `rolled back ${undoes}` : `${outcome} (to roll back ${undoes})`
  const by = findRollbackOf(all, runId)
  return by ? `${outcome}, rolled back by ${by.runId}` : outcome
}

/** A run is recovered with the project file of its own project. */
function describeUnfinished(run: StoredRun, project: string | null): string {
  const isOther = project !== null && run.project !== null && run.project !== project
  return isOther ? `unfinished, of project ${run.project}` : 'unfinished: lockstep recover'
}
