import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import { listMigratingGroups } from '../../../shared/plan/plan-selectors.ts'
import { withDeadline } from '../../lib/with-deadline.ts'
import type { HookPlace } from '../context/phase-hooks.ts'
import type { ExecutionContext } from '../context/run-context.ts'

/** Asks the hooks of a place, for no longer than prepared tenants may be held. */
export async function askInTime(
  context: ExecutionContext,
  place: HookPlace,
  patienceMs: number,
  tooLate: Failure,
  interruption?: AbortSignal,
): Promise<Failure | null> {
  const { hooks } = context
  const stop = interruption ?? new AbortController().signal
  if (!Number.isFinite(patienceMs)) return hooks.ask(context, place, stop)
  return withDeadline(stop, Math.ceil(Math.max(0, patienceMs)), async signal => {
    const failure = await hooks.ask(context, place, signal)
    return failure && signal.aborted && !stop.aborted ? tooLate : failure
  })
}

/** The groups that vote together with this one: their hooks are asked before the first of them begins. */
export function votersWith(
  { plan }: Pick<ExecutionContext, 'plan'>,
  group: PlannedGroup,
): readonly PlannedGroup[] {
  if (group.mode === 'independent' || plan.vote === 'group') return [group]
  return listMigratingGroups(plan).filter(one => one.mode === 'atomic')
}

/** Asks what stands before the first tenant is touched: nothing is changed yet when one of these stops the run. */
export async function askBeforeFirst(context: ExecutionContext): Promise<void> {
  const [first] = listMigratingGroups(context.plan)
  if (!first) return
  for (const group of votersWith(context, first)) {
    const place = { moment: 'before', phase: 'migration_execution', group: group.name } as const
    const failure = await context.hooks.ask(context, place, context.signal)
    if (failure) throw new LockstepError(failure)
  }
}

/** Asks the team after everything that did not commit is proven to be as it was; nothing is held any more. */
export function askAfterRollback(context: ExecutionContext, why: Failure | null): Promise<Failure | null> {
  const place = { moment: 'after', phase: 'rollback', group: null } as const
  return context.hooks.ask(context, place, new AbortController().signal, why)
}
