import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import { listMigratingGroups } from '../../../shared/plan/plan-selectors.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { askInTime, votersWith } from '../hooks/ask-groups.ts'
import { heldTooLong, patienceMs } from '../verification/verify-group.ts'
import type { GroupVote } from '../voting/collect-votes.ts'

/** Asks the hooks before a group whose turn has come, for no longer than others may be held; nothing of it has begun. */
export async function askBeforeGroup(
  context: ExecutionContext,
  group: PlannedGroup,
  held: readonly GroupVote[],
): Promise<Failure | null> {
  const [first] = listMigratingGroups(context.plan)
  if (first && votersWith(context, first).includes(group)) return null
  for (const voter of votersWith(context, group)) {
    const place = { moment: 'before', phase: 'migration_execution', group: voter.name } as const
    const failure = await askInTime(
      context,
      place,
      patienceMs(context, held),
      heldTooLong(context),
      context.signal,
    )
    if (failure) return failure
  }
  return null
}
