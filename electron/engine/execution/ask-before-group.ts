import type { Failure } from '../../../shared/failure/failure.ts'
import { listMigratingGroups } from '../../../shared/plan/plan-selectors.ts'
import { askInTime, votersWith } from '../hooks/ask-groups.ts'
import { type GroupTurn, heldTooLong, remainingVoteMs } from '../voting/pending-votes.ts'

/** Asks the hooks before a group whose turn has come, for no longer than others may be held; nothing of it has begun. */
export async function askBeforeGroup(turn: GroupTurn): Promise<Failure | null> {
  const { plan, group, pending } = turn
  // Whoever votes with an earlier group was asked before that one.
  if (pending.has(group.name)) return null
  const [first] = listMigratingGroups(plan)
  if (first && votersWith(turn, first).includes(group)) return null
  for (const voter of votersWith(turn, group)) {
    const place = { moment: 'before', phase: 'migration_execution', group: voter.name } as const
    const idleDeadline = remainingVoteMs(turn, pending.values())
    const failure = await askInTime(turn, place, idleDeadline, heldTooLong(turn), turn.signal)
    if (failure) return failure
  }
  return null
}
