import { describeBlocking, nameLock } from '../../../../shared/analysis/describe-lock.ts'
import type { RouteRehearsal } from '../../../../shared/analysis/rehearsal.ts'
import type { MigrationRoute, Plan, PlannedGroup } from '../../../../shared/plan/plan.ts'
import { findRoute, listMigratingGroups, listMigratingOf } from '../../../../shared/plan/plan-selectors.ts'
import { listNames } from '../../../../shared/text/plain-words.ts'
import type { Finding } from '../../checks/finding.ts'
import { routeTail } from '../../routes/split-route.ts'
import { listHolds, rank } from './lock-holds.ts'

/**
 * What the votes of later groups hold while an earlier one runs its steps outside of a transaction.
 *
 * With one vote of the whole fleet every group is prepared before the first one commits: an index that the first group
 * builds concurrently waits for any long reader there, and everybody else's tables stay locked meanwhile.
 */
export function judgeHeldVotes(plan: Plan, rehearsed: readonly RouteRehearsal[]): readonly Finding[] {
  if (plan.vote !== 'fleet') return []
  const groups = listMigratingGroups(plan).filter(group => group.mode === 'atomic')
  const at = groups.findIndex(group => listRoutes(plan, group).some(route => routeTail(route).length > 0))
  const [early, later] = [groups[at], groups.slice(at + 1)]
  if (!early || later.length === 0) return []
  const tail = listRoutes(plan, early).flatMap(routeTail)
  const voting = new Set(later.flatMap(group => listRoutes(plan, group).map(route => route.id)))
  const holds = rehearsed
    .filter(({ route }) => voting.has(route))
    .flatMap(({ statements }) => listHolds(statements.slice(0, countOfVote(statements))))
  const strongest = new Map<string, (typeof holds)[number]>()
  for (const hold of holds) {
    const known = strongest.get(hold.relation)
    if (!known || rank(hold.mode) > rank(known.mode)) strongest.set(hold.relation, hold)
  }
  const revisions = listNames([...new Set(tail.map(step => step.revision))])
  return [...strongest.values()].map(({ relation, mode }) => ({
    verdict: 'failed',
    evidence: {
      fact: `${relation}: the votes of ${listNames(later.map(group => group.name))} hold ${nameLock(mode)} (${describeBlocking(mode)}) for as long as group ${early.name} runs revision ${revisions} outside of a transaction`,
    },
    remedy:
      'Set vote: group in lockstep.yml, so that each group votes in its turn; or migrate to the revision before it in a run of its own (--target).',
  }))
}

function listRoutes(plan: Plan, group: PlannedGroup): readonly MigrationRoute[] {
  return listMigratingOf(group).flatMap(planned => findRoute(plan, planned) ?? [])
}

/** How many statements run before the vote. */
function countOfVote(statements: RouteRehearsal['statements']): number {
  const first = statements.findIndex(statement => !statement.transactional)
  return first === -1 ? statements.length : first
}
