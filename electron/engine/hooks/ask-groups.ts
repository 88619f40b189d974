import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import { listMigratingGroups } from '../../../shared/plan/plan-selectors.ts'
import { withDeadline } from '../../lib/with-deadline.ts'
import type { HookPlace } from '../context/phase-hooks.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import type { NothingMore, Step } from '../phases/phase.ts'

/** Asks the hooks of a place, for no longer than prepared tenants may be held. */
export async function askInTime(
  context: ExecutionContext,
  place: HookPlace,
  timeoutMs: number,
  tooLate: Failure,
  interruption?: AbortSignal,
): Promise<Failure | null> {
  const { hooks } = context
  const stop = interruption ?? new AbortController().signal
  if (!Number.isFinite(timeoutMs)) return hooks.ask(context, place, stop)
  return withDeadline(stop, Math.ceil(Math.max(0, timeoutMs)), async signal => {
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
export const askBeforeFirst: Step<ExecutionContext, NothingMore> = {
  async work(context) {
    const [first] = listMigratingGroups(context.plan)
    for (const group of first ? votersWith(context, first) : []) {
      const place = { moment: 'before', phase: 'migration_execution', group: group.name } as const
      const failure = await context.hooks.ask(context, place, context.signal)
      if (failure) return { kind: 'failed', failure }
    }
    return { kind: 'found', found: {} }
  },
}

/** Asks the team after everything that did not commit is proven to be as it was; nothing is held any more, and nothing stops it. */
export function askAfterRollback(
  run: ExecutionContext & { readonly failure: Failure | null },
  place: HookPlace,
): Promise<Failure | null> {
  return run.hooks.ask(run, place, new AbortController().signal, run.failure)
}
