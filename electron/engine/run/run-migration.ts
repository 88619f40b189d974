import { obtainApproval } from '../approval/obtain-approval.ts'
import type { Interruption } from '../context/interruption.ts'
import type { RunEnd } from '../context/run-end.ts'
import { askBeforeFirst } from '../hooks/ask-groups.ts'
import { refuseUnfinished } from '../open-runs/refuse-unfinished.ts'
import { listPhases, runPhases } from '../phases/run-phases.ts'
import type { RunLogWriter } from '../ports/run-log.ts'
import type { EventReader } from '../recording/recorder.ts'
import type { MigrationPorts, RunRequest } from './asked-run.ts'
import { confirmTenants, discoverTenants } from './discover-tenants.ts'
import { judgeGates } from './judge-gates.ts'
import { endMigration, migrateGroups, proveLeft } from './migrate-groups.ts'
import { endWhereNobodyMoves, planMigration } from './plan-migration.ts'
import { refuseInterrupted } from './refuse-interrupted.ts'
import { lagSamples, runLocks } from './run-leases.ts'
import { takeSnapshots } from './take-snapshots.ts'
import { type BegunRun, withRun } from './with-run.ts'

/** A migration, from its first phase to its last. */
const migration = listPhases<BegunRun<MigrationPorts> & { readonly request: RunRequest }>()
  .phase(discoverTenants)
  .holding(runLocks)
  .step(confirmTenants)
  .step(refuseUnfinished)
  .phase(planMigration)
  .step(endWhereNobodyMoves)
  .phase(judgeGates)
  .phase(obtainApproval)
  .phase(takeSnapshots)
  .step(askBeforeFirst)
  .step(refuseInterrupted)
  .holding(lagSamples)
  .step(migrateGroups)
  .phase(proveLeft)
  .step(endMigration)

/** Runs a migration from discovery to its end; always ends, and always says how. */
export function runMigration(
  request: RunRequest,
  ports: MigrationPorts,
  log: RunLogWriter,
  readers: readonly EventReader[],
  interruption: Interruption,
): Promise<RunEnd> {
  const { config, toolVersion, target, tenants } = request
  const beginning = { config, toolVersion, intent: { verb: 'run', target, tenants } } as const
  return withRun(beginning, { ports, log, readers, interruption }, run =>
    runPhases(migration, { ...run, request }),
  )
}
