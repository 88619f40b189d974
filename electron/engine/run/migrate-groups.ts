import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedTenant } from '../../../shared/plan/plan.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import type { InterruptionSignal } from '../../../shared/run/run-intent.ts'
import { outcomeAfterExecution } from '../context/decide-outcome.ts'
import type { Interruption } from '../context/interruption.ts'
import { noteInterruption } from '../context/note-interruption.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { type Execution, executeGroups } from '../execution/execute-groups.ts'
import { askAfterRollback } from '../hooks/ask-groups.ts'
import type { Phase, Step } from '../phases/phase.ts'
import { chooseCopies } from '../snapshots/choose-copies.ts'
import { proveRollback } from '../verification/prove-rollback.ts'
import { noteWrites } from './note-writes.ts'

/** What has become of the groups. From here on a failure ends nothing: who did not commit has to be proven first. */
interface Migrated {
  readonly execution: Execution
  /** What is told to hooks as the reason for the rollback. */
  readonly failure: Failure | null
  readonly interruptedBy: InterruptionSignal | null
  /** Planned tenants that have not committed. */
  readonly left: readonly PlannedTenant[]
}

/** Why it is not certain that those who are left are as they were; null where they are proven to be. */
interface Proof {
  readonly unproven: Failure | null
}

/** Goes through the groups, and notes what others write from the commits on. */
export const migrateGroups: Step<ExecutionContext & { readonly interruption: Interruption }, Migrated> = {
  async work(run) {
    const endNoting = noteInterruption(run, run.interruption)
    const execution = await executeGroups(run)
    const { committed, failure } = execution
    await noteWrites(run, committed, chooseCopies(run.plan, run.rehearsal, run.config.snapshots))
    const interruptedBy = await endNoting()
    const left = listMigrating(run.plan).filter(one => !committed.includes(one.tenant))
    return { kind: 'found', found: { execution, failure, interruptedBy, left } }
  },
}

/** Proves of whoever did not commit that it is as it was; what the team itself finds wrong then is as much of a doubt. */
export const proveLeft: Phase<ExecutionContext & Migrated, Proof> = {
  name: 'rollback',
  hooks: { after: askAfterRollback },
  skip: ({ left }) => (left.length === 0 ? { unproven: null } : null),
  async work(run) {
    const failure = await proveRollback(run, run.left)
    if (failure) return { status: 'failed', message: 'not every tenant is proven to be as it was', failure }
    const message = `${run.left.length} tenants proven to be as they were`
    return { status: 'success', message, found: { unproven: null } }
  },
  afterFailure: (_run, failure) => ({ unproven: failure }),
}

/** Says how the migration has ended. */
export const endMigration: Step<Migrated & Proof, never> = {
  async work({ execution, failure, interruptedBy, left, unproven }) {
    const { committed, unsettled } = execution
    const outcome = outcomeAfterExecution({
      failure,
      committed: committed.length,
      left: left.length,
      unsettled: unsettled.length,
      unproven,
      interruptedBy,
    })
    return { kind: 'over', ending: { outcome, failure: failure ?? unproven } }
  },
}
