import type { Plan } from '../../../../shared/plan/plan.ts'
import type { ClusterNeeds } from '../../../../shared/plan/plan-outlook.ts'
import { listMigratingGroups, listMigratingOf } from '../../../../shared/plan/plan-selectors.ts'
import type { ExecutionSettings } from '../../../settings/policy.ts'
import { sumCapacityNeeds } from './capacity-needs.ts'

/** The connections and prepared transactions that a plan needs on each cluster, by the rule of the gate `capacity` and without asking a server. */
export function listClusterNeeds(
  plan: Plan,
  execution: Pick<ExecutionSettings, 'parallelPerServer' | 'connectionsPerServer'>,
): readonly ClusterNeeds[] {
  const loads = listMigratingGroups(plan).flatMap(group =>
    listMigratingOf(group).map(({ cluster, database }) => ({
      cluster,
      database,
      group: group.name,
      mode: group.mode,
      parallel: group.parallel,
      // How many locks these are only the server can say.
      locks: 0,
    })),
  )
  const clusters = [...new Set(loads.map(load => load.cluster))]
  return clusters.map(cluster => {
    const own = loads.filter(load => load.cluster === cluster)
    const { connections, preparedSlots } = sumCapacityNeeds(own, plan.vote, execution)
    return { cluster, connections, preparedSlots }
  })
}
