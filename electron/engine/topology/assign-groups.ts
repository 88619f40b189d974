import type { PlanNote } from '../../../shared/plan/plan.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { GroupConfig, ProjectConfig } from '../../config/project-config.ts'
import { matchNames } from './match-names.ts'

/** A group of the configuration with the tenants that it took. */
export interface AssignedGroup {
  readonly settings: GroupConfig
  readonly tenants: readonly Tenant[]
}

/** Gives each tenant to the first group that matches it; tenants that no group takes form one of their own, last. */
export function assignGroups(
  config: Pick<ProjectConfig, 'groups'>,
  tenants: readonly Tenant[],
): { readonly groups: readonly AssignedGroup[]; readonly notes: readonly PlanNote[] } {
  const taken = new Set<string>()
  const notes: PlanNote[] = []
  const groups = config.groups.flatMap(settings => {
    const free = tenants.filter(tenant => !taken.has(tenant.name))
    const matched = new Set(
      matchNames(
        free.map(tenant => tenant.name),
        settings.tenants,
      ),
    )
    const mine = free.filter(tenant => matched.has(tenant.name))
    for (const tenant of mine) taken.add(tenant.name)
    if (mine.length === 0)
      notes.push({ kind: 'unmatched_group', text: `group "${settings.name}" matches no tenant` })
    return mine.length > 0 ? [{ settings, tenants: mine }] : []
  })
  const rest = tenants.filter(tenant => !taken.has(tenant.name))
  if (rest.length === 0) return { groups, notes }
  return { groups: [...groups, { settings: remainder(groups), tenants: rest }], notes }
}

function remainder(groups: readonly AssignedGroup[]): GroupConfig {
  return { name: nameRemainder(groups), tenants: ['*'], mode: 'atomic', parallel: 4, onFailure: 'stop' }
}

/** Two groups of one name would be one in the log and in the prepared transactions' names. */
function nameRemainder(groups: readonly AssignedGroup[]): string {
  if (groups.length === 0) return 'all'
  const names = new Set(groups.map(group => group.settings.name))
  let name = 'rest'
  for (let number = 2; names.has(name); number += 1) name = `rest-${number}`
  return name
}
