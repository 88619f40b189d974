import type { Interruption } from '../context/interruption.ts'
import type { RunEnd } from '../context/run-end.ts'
import { askBeforeFirst } from '../hooks/ask-groups.ts'
import { refuseUnfinished } from '../open-runs/refuse-unfinished.ts'
import { listPhases, runPhases } from '../phases/run-phases.ts'
import type { RunLogWriter } from '../ports/run-log.ts'
import type { EventReader } from '../recording/recorder.ts'
import { confirmTenants, discoverTenants } from '../run/discover-tenants.ts'
import { refuseInterrupted } from '../run/refuse-interrupted.ts'
import { lagSamples, runLocks } from '../run/run-leases.ts'
import { takeSnapshots } from '../run/take-snapshots.ts'
import { type BegunRun, withRun } from '../run/with-run.ts'
import { approveRollback } from './approve-rollback.ts'
import { endRollback, proveRolledBack, undoRestores } from './end-rollback.ts'
import { beginRollback, followCopies, migrateDown, restoreCopies, swapCopies } from './execute-rollback.ts'
import { judgeRollbackGates } from './judge-rollback-gates.ts'
import type { RollbackPorts, RollbackRequest } from './rollback-request.ts'
import { readGraph, workOutRollback } from './work-out-rollback.ts'

/**
 * A rollback, from its first phase to its last. Copies are restored and proven first, and nobody may write any more; then
 * those vote that go down, all or none; then the copies take their places, all of a cluster in one transaction.
 */
const rollback = listPhases<BegunRun<RollbackPorts> & { readonly request: RollbackRequest }>()
  .phase(discoverTenants)
  .holding(runLocks)
  .step(confirmTenants)
  .step(refuseUnfinished)
  .phase(workOutRollback)
  .step(readGraph)
  .phase(judgeRollbackGates)
  .phase(approveRollback)
  .phase(takeSnapshots)
  .step(refuseInterrupted)
  .step(askBeforeFirst)
  .holding(lagSamples)
  .step(beginRollback)
  .phase(restoreCopies)
  .step(migrateDown)
  .phase(swapCopies)
  .step(followCopies)
  .step(undoRestores)
  .phase(proveRolledBack)
  .step(endRollback)

/** Undoes a run in a run of its own; always ends, and always says how. */
export function runRollback(
  request: RollbackRequest,
  ports: RollbackPorts,
  log: RunLogWriter,
  readers: readonly EventReader[],
  interruption: Interruption,
): Promise<RunEnd> {
  const { toolVersion, tenants, runId } = request
  // Nothing is copied before a rollback: it returns to what was kept, and keeps what it replaces.
  const config = { ...request.config, snapshots: { ...request.config.snapshots, data: 'never' as const } }
  const intent = { verb: 'rollback', target: [], tenants, undoes: runId } as const
  return withRun({ config, toolVersion, intent }, { ports, log, readers, interruption }, run =>
    runPhases(rollback, { ...run, request }),
  )
}
