import type { Failure } from '../../../shared/failure/failure.ts'
import type { Plan, PlannedGroup } from '../../../shared/plan/plan.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import type { Interruption } from '../context/interruption.ts'
import { type EndNoting, noteInterruption } from '../context/note-interruption.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { type Execution, executeGroups } from '../execution/execute-groups.ts'
import { noHooksAround } from '../hooks/around-phases.ts'
import type { NothingMore, Phase, Step } from '../phases/phase.ts'
import { runPhase } from '../phases/run-phase.ts'
import { checkReplicas } from '../verification/check-replicas.ts'
import { type Restoration, type RestoreContext, Restorer } from './restore-tenants.ts'
import type { RollbackRequest } from './rollback-request.ts'
import type { PlannedRollback } from './work-out-rollback.ts'

/** A rollback that is approved. */
interface ApprovedRollback extends RestoreContext, Pick<PlannedRollback, 'prepared'> {
  readonly request: RollbackRequest
  readonly interruption: Interruption
}

/** A rollback at work: those that vote, and those whose database a copy replaces. */
export interface WorkingRollback extends ApprovedRollback {
  readonly restorations: readonly Restoration[]
  readonly restorer: Restorer
  readonly endNoting: EndNoting
}

/** What went wrong first. From here on a failure ends nothing: everything has to be opened again, and proven. */
export interface GoneWrong {
  readonly failure: Failure | null
}

const nobody: Execution = { committed: [], unsettled: [], failure: null }
/** Smoke tests are those of what is taken back. */
export const noSmokeTests = { isolation: false, queries: [], http: [], hooks: [] }

/** Those that vote must end in the very schema from before the run; smoke tests are those of what is taken back. */
export const beginRollback: Step<
  ApprovedRollback,
  Omit<WorkingRollback, keyof ApprovedRollback> &
    Pick<ExecutionContext, 'config' | 'mustEndIn' | 'accepted'> &
    GoneWrong
> = {
  async work(run) {
    const { proposal, accepted } = run.prepared
    const down = proposal.tenants.filter(one => one.way === 'downgrade')
    const mustEndIn = new Map(down.map(one => [one.tenant, one.to.fingerprint] as const))
    const config = { ...run.config, smokeTests: noSmokeTests }
    const restorations = listRestorations(run)
    const restorer = new Restorer(run, restorations)
    const endNoting = noteInterruption(run, run.interruption)
    return {
      kind: 'found',
      found: { mustEndIn, accepted, config, restorations, restorer, endNoting, failure: null },
    }
  },
}

/** Restores every copy beside its tenant and proves it, and lets nobody write any more. */
export const restoreCopies: Phase<WorkingRollback & GoneWrong, GoneWrong> = {
  name: 'rollback',
  hooks: noHooksAround,
  skip: ({ restorations, failure }) => (restorations.length === 0 ? { failure } : null),
  async work({ restorer, restorations, request }) {
    await restorer.prepare()
    await restorer.close(request.disconnect)
    const message = `${countOf(restorations.length, 'copy', 'copies')} restored and proven; no session writes any more`
    return { status: 'success', message, found: { failure: null } }
  },
  afterFailure: (_run, failure) => ({ failure }),
}

/** Lets those vote that go down by their own revisions: all or none. */
export const migrateDown: Step<WorkingRollback & GoneWrong, GoneWrong & { readonly execution: Execution }> = {
  skip: ({ failure }) => (failure ? { execution: nobody, failure } : null),
  async work(run) {
    if (run.signal.aborted) {
      const reason = 'interrupted before the first tenant'
      return { kind: 'found', found: { execution: nobody, failure: { kind: 'cancelled', reason } } }
    }
    const restored = run.restorations.map(one => one.back.tenant)
    const execution = await executeGroups({ ...run, plan: withoutRestored(run.plan, restored) })
    return { kind: 'found', found: { execution, failure: execution.failure } }
  },
}

/** Gives the copies their places, all of a cluster in one transaction. */
export const swapCopies: Phase<WorkingRollback & GoneWrong, GoneWrong> = {
  name: 'migration_execution',
  hooks: noHooksAround,
  skip: ({ failure, restorations }) => (failure || restorations.length === 0 ? { failure } : null),
  async work({ plan, recorder, restorer, restorations }) {
    const groups = listRestoredGroups(plan, restorations)
    for (const { name, mode, tenants } of groups) {
      const event = { group: name, mode, tenants: tenants.map(one => one.tenant), volatile: {} }
      await recorder.record({ type: 'group.started', ...event })
    }
    await restorer.swap()
    for (const { name } of groups)
      await recorder.tryRecord({ type: 'group.finished', group: name, result: 'committed', volatile: {} })
    const message = `${countOf(restorations.length, 'copy', 'copies')} took their places`
    return { status: 'success', message, found: { failure: null } }
  },
  afterFailure: (_run, failure) => ({ failure }),
}

/** The standbys have to follow the swap, too. */
export const followCopies: Step<WorkingRollback & GoneWrong, GoneWrong> = {
  skip: ({ failure, restorations }) => (failure || restorations.length === 0 ? { failure } : null),
  async work(run) {
    const names = new Set(run.restorations.map(one => one.back.tenant))
    const until = deadlineSignal((run.config.execution.replicaDeadlineSeconds + 300) * 1_000)
    for (const group of run.plan.groups) {
      const tenants = group.tenants.filter(one => names.has(one.tenant))
      if (tenants.length === 0) continue
      const end = await runPhase(followGroup, { ...run, group: { ...group, tenants }, until })
      if (end.kind === 'failed') return end
    }
    return { kind: 'found', found: { failure: null } }
  },
  afterFailure: (_run, failure) => ({ failure }),
}

const followGroup: Phase<
  ExecutionContext & { readonly group: PlannedGroup; readonly until: AbortSignal },
  NothingMore
> = {
  name: 'replica_sync_validation',
  hooks: noHooksAround,
  async work(run) {
    const failures = await checkReplicas(run, run.group, run.until)
    const [failure] = failures
    if (failure) return { status: 'failed', message: `${failures.length} findings`, failure }
    return { status: 'success', message: 'every standby has the copies', found: {} }
  },
}

function listRestorations({ plan, prepared }: ApprovedRollback): readonly Restoration[] {
  const { proposal, run, snapshots } = prepared
  return proposal.tenants.flatMap(back => {
    const undone = run.tenants.find(one => one.planned.tenant === back.tenant)
    const snapshot = snapshots.get(back.tenant)
    const group = plan.groups.find(one => one.tenants.some(member => member.tenant === back.tenant))
    if (back.way !== 'snapshot' || !undone || !snapshot || !group) return []
    return [{ back, undone, snapshot, group: group.name }]
  })
}

function withoutRestored(plan: Plan, restored: readonly string[]): Plan {
  const groups = plan.groups
    .map(group => ({ ...group, tenants: group.tenants.filter(one => !restored.includes(one.tenant)) }))
    .filter(group => group.tenants.length > 0)
  return { ...plan, groups }
}

/** Groups of which no tenant votes: they begin and end with the swap. */
function listRestoredGroups(plan: Plan, restorations: readonly Restoration[]): Plan['groups'] {
  const names = new Set(restorations.map(one => one.back.tenant))
  return plan.groups.filter(group => group.tenants.every(one => names.has(one.tenant)))
}
