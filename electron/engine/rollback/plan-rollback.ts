import type {
  MigrationRoute,
  Plan,
  PlannedGroup,
  PlannedStep,
  PlannedTenant,
} from '../../../shared/plan/plan.ts'
import type { SchemaPosition, TenantRollback } from '../../../shared/run/rollback.ts'
import type { UndoneRun } from './read-undone-run.ts'

/** Steps down between two points, by `keyOfWay`. */
export type DowngradeSteps = ReadonlyMap<string, readonly PlannedStep[]>

/** All tenants in one group: one decision takes them back, or none of them. */
const groupName = 'rollback'

/** A rollback as a plan: every tenant that is rolled back, together. Its id is that of the rollback. */
export function planRollback(
  run: UndoneRun,
  tenants: readonly TenantRollback[],
  steps: DowngradeSteps,
): Omit<Plan, 'planId'> {
  const routes = new Map<string, MigrationRoute>()
  const members = tenants.map((back): PlannedTenant => {
    const route = routeOf(back, steps)
    if (route) routes.set(route.id, route)
    const { tenant, cluster, database } = back
    const { heads: from, fingerprint } = back.from
    const planned = run.tenants.find(one => one.planned.tenant === tenant)?.planned
    return { ...planned, tenant, cluster, database, from, route: route?.id ?? null, fingerprint }
  })
  const parallel = Math.max(1, ...run.groups.map(group => group.parallel))
  const group: PlannedGroup = {
    name: groupName,
    wave: 1,
    ...modeOf([...routes.values()]),
    parallel,
    tenants: members,
  }
  return {
    source: run.plan.source,
    target: [...new Set(tenants.flatMap(one => one.to.heads))].sort(),
    vote: 'fleet',
    routes: [...routes.values()],
    groups: [group],
    notes: [],
    gatesHash: run.plan.gatesHash,
  }
}

/** The same for tenants that go the same way. */
export function keyOfWay(from: SchemaPosition, to: SchemaPosition): string {
  return [from.heads, to.heads].map(heads => [...heads].sort().join('+') || 'empty').join('-to-')
}

/** A restored copy needs no steps: its route only says from where to where. */
function routeOf({ way, from, to }: TenantRollback, steps: DowngradeSteps): MigrationRoute | null {
  if (way === 'none') return null
  const key = keyOfWay(from, to)
  const base = { from: from.heads, to: to.heads }
  if (way === 'snapshot') return { id: `restore-${key}`, ...base, steps: [] }
  return { id: `back-${key}`, ...base, steps: steps.get(key) ?? [] }
}

function modeOf(routes: readonly MigrationRoute[]): Pick<PlannedGroup, 'mode' | 'modeReason'> {
  const blocked = routes.flatMap(route => route.steps.slice(0, 1)).find(step => !step.transactional)
  if (!blocked) return { mode: 'atomic', modeReason: 'every step back that votes is transactional' }
  const modeReason = `undoing revision ${blocked.revision} cannot run in a transaction: ${blocked.reason}`
  return { mode: 'independent', modeReason }
}
