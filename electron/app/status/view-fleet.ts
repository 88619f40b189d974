import { groupClasses, listPlannedSchemas } from '../../../shared/analysis/group-classes.ts'
import type { FleetView } from '../../../shared/api/overview-view.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listMigratingOf } from '../../../shared/plan/plan-selectors.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { chooseTarget } from '../../engine/routes/choose-target.ts'
import { sameHeads } from '../../engine/routes/same-heads.ts'
import { assignGroups } from '../../engine/topology/assign-groups.ts'
import type { FleetReading } from './read-fleet.ts'

/** Where the fleet stands in numbers; null where the tenants could not be read, or their target is not clear. */
export function viewFleet(config: ProjectConfig, reading: FleetReading): FleetView | null {
  if (reading.plan) return { ...viewPlanned(reading.plan), ...viewClosed(reading) }
  if (!reading.topology || !reading.graph) return null
  const { target } = chooseTarget([], config, reading.graph)
  if (target === null) return null
  const isBehind = (tenant: string): boolean => {
    const heads = reading.heads.get(tenant)
    return heads !== undefined && !sameHeads(heads, target)
  }
  const groups = assignGroups(config, reading.topology.tenants).groups.map(({ settings, tenants }) => ({
    group: settings.name,
    tenants: tenants.length,
    behind: tenants.filter(tenant => isBehind(tenant.name)).length,
  }))
  return { target, ...sum(groups), groups, classes: [], ...viewClosed(reading) }
}

function viewClosed({ topology }: FleetReading): Pick<FleetView, 'closed'> {
  const closed = (topology?.passedOver ?? []).filter(one => one.why === 'closed').map(one => one.name)
  return closed.length === 0 ? {} : { closed }
}

function viewPlanned(plan: Plan): FleetView {
  const groups = plan.groups.map(group => ({
    group: group.name,
    tenants: group.tenants.length,
    behind: listMigratingOf(group).length,
  }))
  const classes = groupClasses(listPlannedSchemas(plan)).map(({ heads, fingerprint, tenants, isMain }) => ({
    heads,
    fingerprint,
    tenants,
    isMain,
  }))
  return { target: plan.target, ...sum(groups), groups, classes }
}

function sum(groups: FleetView['groups']): Pick<FleetView, 'tenants' | 'behind' | 'atTarget'> {
  const tenants = groups.reduce((all, group) => all + group.tenants, 0)
  const behind = groups.reduce((all, group) => all + group.behind, 0)
  return { tenants, behind, atTarget: tenants - behind }
}
