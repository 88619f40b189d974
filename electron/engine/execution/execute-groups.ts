import type { Failure } from '../../../shared/failure/failure.ts'
import { listMigratingGroups } from '../../../shared/plan/plan-selectors.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { runPhase } from '../phases/run-phase.ts'
import { listPhases, runPhases } from '../phases/run-phases.ts'
import { followReplicas, testGroup } from '../verification/verify-group.ts'
import type { PendingVotes } from '../voting/pending-votes.ts'
import type { SettledGroup } from '../voting/settle-group.ts'
import { type MigrationTurn, migrateGroup, waitAtSafePoint } from './migrate-group.ts'
import { rollBackPending } from './roll-back-pending.ts'

/** How the fleet stands after all groups were tried. */
export interface Execution {
  /** Tenants whose transaction committed, in the order of the plan. */
  readonly committed: readonly string[]
  /** Tenants whose state is not known. */
  readonly unsettled: readonly string[]
  readonly failure: Failure | null
}

/** What each group passes in its turn. */
const turnOfGroup = listPhases<MigrationTurn>()
  .step(waitAtSafePoint)
  .phase(migrateGroup)
  .phase(followReplicas)
  .phase(testGroup)

/** Migrates group after group; the first failure undoes all that can be undone. Never throws. */
export async function executeGroups(context: ExecutionContext): Promise<Execution> {
  const pending: PendingVotes = new Map()
  const settled: SettledGroup[] = []
  let failure: Failure | null = null
  for (const group of listMigratingGroups(context.plan)) {
    const end = await runPhases(turnOfGroup, { ...context, group, pending, settled })
    if (end.kind === 'failed') failure = end.failure
    if (end.kind !== 'done') break
  }
  const undone = await runPhase(rollBackPending, { ...context, pending, failure })
  if (undone.kind === 'found') settled.push(...undone.found.undone)
  const names = (pick: (group: SettledGroup) => readonly string[]): readonly string[] => [
    ...new Set(settled.flatMap(pick)),
  ]
  return { committed: names(group => group.committed), unsettled: names(group => group.unsettled), failure }
}
