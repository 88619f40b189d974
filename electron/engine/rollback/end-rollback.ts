import type { Failure } from '../../../shared/failure/failure.ts'
import type { TenantRollback } from '../../../shared/run/rollback.ts'
import type { InterruptionSignal } from '../../../shared/run/run-intent.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import { outcomeAfterExecution } from '../context/decide-outcome.ts'
import type { Execution } from '../execution/execute-groups.ts'
import { noHooksAround } from '../hooks/around-phases.ts'
import type { Phase, Step } from '../phases/phase.ts'
import { proveRollback } from '../verification/prove-rollback.ts'
import type { GoneWrong, WorkingRollback } from './execute-rollback.ts'
import { proveUndone } from './prove-undone.ts'

/** Who went back, and who did not. */
interface RolledBack extends GoneWrong {
  readonly committed: readonly string[]
  readonly back: readonly TenantRollback[]
  readonly left: readonly TenantRollback[]
  readonly interruptedBy: InterruptionSignal | null
}

/** Why the proof has not come out; null where everybody is where they have to be. */
interface Proof {
  readonly unproven: Failure | null
}

type Executed = WorkingRollback & GoneWrong & { readonly execution: Execution }

/** After a failure, takes sessions again wherever nobody was let in, and removes the copies that have no place. */
export const undoRestores: Step<Executed, RolledBack> = {
  async work({ failure, restorer, execution, prepared, endNoting }) {
    const { proposal } = prepared
    if (failure) await restorer.undo()
    const committed = [...execution.committed, ...restorer.swapped]
    const back = proposal.tenants.filter(one => committed.includes(one.tenant))
    const left = proposal.tenants.filter(one => !committed.includes(one.tenant))
    const named = failure?.kind === 'plan_void' ? { ...failure, undoes: proposal.runId } : failure
    const interruptedBy = await endNoting()
    return { kind: 'found', found: { committed, back, left, failure: named, interruptedBy } }
  },
}

/** Proves both: who went back is as before the run, and who did not is as it was. */
export const proveRolledBack: Phase<Executed & RolledBack, Proof> = {
  name: 'rollback',
  hooks: noHooksAround,
  async work(run) {
    const { back, left } = run
    const undone = await proveUndone(run, back)
    const kept = left.length === 0 ? null : await proveRollback(run, left)
    const failure = undone ?? kept
    if (failure) return { status: 'failed', message: 'not every tenant is proven', failure }
    const message = [
      ...(back.length > 0 ? [`${countOf(back.length, 'tenant')} proven to be as before the run`] : []),
      ...(left.length > 0 ? [`${countOf(left.length, 'tenant')} proven to be as they were`] : []),
    ].join(', ')
    return { status: 'success', message, found: { unproven: null } }
  },
  afterFailure: (_run, failure) => ({ unproven: failure }),
}

/** Says how the rollback has ended. */
export const endRollback: Step<Executed & RolledBack & Proof, never> = {
  async work({ failure, committed, left, execution, unproven, interruptedBy }) {
    const outcome = outcomeAfterExecution({
      failure: failure ?? unproven,
      committed: committed.length,
      left: left.length,
      unsettled: execution.unsettled.length,
      unproven,
      interruptedBy,
    })
    return { kind: 'over', ending: { outcome, failure: failure ?? unproven } }
  },
}
