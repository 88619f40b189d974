import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { TenantRollback } from '../../../shared/run/rollback.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { outcomeAfterExecution } from '../context/decide-outcome.ts'
import type { Interruption } from '../context/interruption.ts'
import { type EndNoting, noteInterruption } from '../context/note-interruption.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import type { Ending } from '../context/run-end.ts'
import { withPhase } from '../context/with-phase.ts'
import { type Execution, executeGroups } from '../execution/execute-groups.ts'
import { checkReplicas } from '../verification/check-replicas.ts'
import { proveRollback } from '../verification/prove-rollback.ts'
import type { PreparedRollback } from './propose-rollback.ts'
import { proveUndone } from './prove-undone.ts'
import type { UndoneRun } from './read-undone-run.ts'
import { type Restoration, Restorer } from './restore-tenants.ts'

/** A rollback that is approved. */
export interface ApprovedRollback extends PreparedRollback {
  readonly run: UndoneRun
  readonly disconnect: boolean
  readonly interruption: Interruption
}

const nobody: Execution = { committed: [], unsettled: [], failure: null }
/** Smoke tests are those of what is taken back. */
export const noSmokeTests = { isolation: false, queries: [], http: [], hooks: [] }

/**
 * Takes everybody back: copies are restored and proven first, and nobody may write any more; then those vote that go
 * down, all or none; then the copies take their places, all of a cluster in one transaction. The proof ends it.
 */
export async function executeRollback(given: ExecutionContext, rollback: ApprovedRollback): Promise<Ending> {
  const { proposal } = rollback
  const endNoting = noteInterruption(given, rollback.interruption)
  const context = prepareContext(given, rollback)
  const restorations = listRestorations(rollback, context.plan)
  const restorer = new Restorer(context, restorations)
  const restored = restorations.map(one => one.back.tenant)
  let execution = nobody
  let failure = await prepareRestores(context, restorer, restorations.length, rollback.disconnect)
  if (failure === null && context.signal.aborted)
    failure = { kind: 'cancelled', reason: 'interrupted before the first tenant' }
  if (failure === null) {
    execution = await executeGroups({ ...context, plan: withoutRestored(context.plan, restored) })
    failure = execution.failure
  }
  const swapped =
    failure === null && restored.length > 0 ? await swapAll(context, restorer, restorations) : null
  failure ??= swapped
  const open = failure === null ? null : await restorer.undo()
  const committed = [...execution.committed, ...restorer.swapped]
  const found = failure ?? open
  return endRollback(context, {
    tenants: proposal.tenants,
    committed,
    unsettled: execution.unsettled,
    failure: found?.kind === 'plan_void' ? { ...found, undoes: proposal.runId } : found,
    endNoting,
  })
}

/** Those that vote must end in the very schema from before the run; smoke tests are those of what is taken back. */
function prepareContext(
  context: ExecutionContext,
  { proposal, accepted }: ApprovedRollback,
): ExecutionContext {
  const mustEndIn = new Map(
    proposal.tenants
      .filter(one => one.way === 'downgrade')
      .map(one => [one.tenant, one.to.fingerprint] as const),
  )
  return { ...context, mustEndIn, accepted, config: { ...context.config, smokeTests: noSmokeTests } }
}

function listRestorations(
  { proposal, run, snapshots }: ApprovedRollback,
  plan: Plan,
): readonly Restoration[] {
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

async function prepareRestores(
  context: ExecutionContext,
  restorer: Restorer,
  count: number,
  disconnect: boolean,
): Promise<Failure | null> {
  if (count === 0) return null
  try {
    return await withPhase(context, 'rollback', null, async () => {
      await restorer.prepare()
      await restorer.close(disconnect)
      const message = `${countOf(count, 'copy', 'copies')} restored and proven; nobody writes any more`
      return { status: 'success', message, value: null }
    })
  } catch (error) {
    return toFailure(error)
  }
}

async function swapAll(
  context: ExecutionContext,
  restorer: Restorer,
  restorations: readonly Restoration[],
): Promise<Failure | null> {
  try {
    await withPhase(context, 'migration_execution', null, async () => {
      const groups = listRestoredGroups(context.plan, restorations)
      for (const { name, mode, tenants } of groups) {
        const event = { group: name, mode, tenants: tenants.map(one => one.tenant), volatile: {} }
        await context.recorder.record({ type: 'group.started', ...event })
      }
      await restorer.swap()
      for (const { name } of groups)
        await context.recorder.tryRecord({
          type: 'group.finished',
          group: name,
          result: 'committed',
          volatile: {},
        })
      const message = `${countOf(restorations.length, 'copy', 'copies')} took their places`
      return { status: 'success', message, value: null }
    })
    return await verifyRestored(context, restorations)
  } catch (error) {
    return toFailure(error)
  }
}

/** Groups of which nobody votes: they begin and end with the swap. */
function listRestoredGroups(plan: Plan, restorations: readonly Restoration[]): Plan['groups'] {
  const names = new Set(restorations.map(one => one.back.tenant))
  return plan.groups.filter(group => group.tenants.every(one => names.has(one.tenant)))
}

/** The standbys have to follow the swap, too. */
async function verifyRestored(
  context: ExecutionContext,
  restorations: readonly Restoration[],
): Promise<Failure | null> {
  const names = new Set(restorations.map(one => one.back.tenant))
  const signal = deadlineSignal((context.config.execution.replicaDeadlineSeconds + 300) * 1_000)
  for (const group of context.plan.groups) {
    const tenants = group.tenants.filter(one => names.has(one.tenant))
    if (tenants.length === 0) continue
    const failures = await withPhase(context, 'replica_sync_validation', group.name, async () => {
      const found = await checkReplicas(context, { ...group, tenants }, signal)
      const message = found.length === 0 ? 'every standby has the copies' : `${found.length} findings`
      return { status: found.length === 0 ? 'success' : 'failed', message, value: found }
    })
    if (failures[0]) return failures[0]
  }
  return null
}

interface RollbackFacts {
  readonly tenants: readonly TenantRollback[]
  readonly committed: readonly string[]
  readonly unsettled: readonly string[]
  readonly failure: Failure | null
  readonly endNoting: EndNoting
}

/** Proves both: who went back is as before the run, and who did not is as it was. */
async function endRollback(context: ExecutionContext, facts: RollbackFacts): Promise<Ending> {
  const { tenants, committed, unsettled, failure } = facts
  const interruptedBy = await facts.endNoting()
  const back = tenants.filter(one => committed.includes(one.tenant))
  const left = tenants.filter(one => !committed.includes(one.tenant))
  const unproven = await withPhase(context, 'rollback', null, async () => {
    const undone = await proveUndone(context, back)
    const kept = left.length === 0 ? null : await proveRollback(context, left)
    const doubt = undone ?? kept
    const message = doubt
      ? 'not every tenant is proven'
      : [
          ...(back.length > 0 ? [`${countOf(back.length, 'tenant')} proven to be as before the run`] : []),
          ...(left.length > 0 ? [`${countOf(left.length, 'tenant')} proven to be as they were`] : []),
        ].join(', ')
    return { status: doubt ? 'failed' : 'success', message, value: doubt }
  })
  const outcome = outcomeAfterExecution({
    failure: failure ?? unproven,
    committed: committed.length,
    left: left.length,
    unsettled: unsettled.length,
    unproven,
    interruptedBy,
  })
  return { outcome, failure: failure ?? unproven }
}
