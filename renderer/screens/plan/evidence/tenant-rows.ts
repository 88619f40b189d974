import { groupClasses, listPlannedSchemas } from '../../../../shared/analysis/group-classes.ts'
import type { SchemaClass } from '../../../../shared/analysis/schema-class.ts'
import type { Plan } from '../../../../shared/plan/plan.ts'
import { findRoute } from '../../../../shared/plan/plan-selectors.ts'
import { formatHeads } from '../../../../shared/text/plain-words.ts'
import { sortTenants, type TenantOrder } from '../../../tenants/sort-tenants.ts'
import { matchesTenant, type TenantFilter } from '../../../tenants/tenant-filter.ts'
import type { Sort } from '../../../ui/data-table.tsx'

/** A tenant of a plan in its table. */
export interface TenantRow {
  readonly tenant: string
  readonly group: string
  readonly wave: number
  readonly cluster: string
  readonly database: string
  readonly from: string
  readonly to: string
  /** Revisions that it goes through; 0 when it is at the target. */
  readonly steps: number
  /** Number of its class. */
  readonly class: number
  /** Whether its schema differs from that of most tenants at its revision. */
  readonly isOutlier: boolean
}

/** Tenants with equal revisions and an equal catalog. */
export interface TenantClass extends Pick<SchemaClass, 'heads' | 'fingerprint' | 'tenants' | 'isMain'> {
  readonly number: number
  readonly from: string
}

/** Which tenants of a plan are shown, as the address says. */
export interface PlanTenantFilter extends TenantFilter {
  readonly class: number | null
  readonly shows: 'all' | 'differ' | 'moves' | 'at_target'
}

/** The classes of a plan's tenants, numbered from 1: revision by revision, the main class of each first. */
export function classTenants(plan: Plan): readonly TenantClass[] {
  return groupClasses(listPlannedSchemas(plan)).map(({ heads, fingerprint, tenants, isMain }, index) => ({
    number: index + 1,
    from: formatHeads(heads),
    heads,
    fingerprint,
    tenants,
    isMain,
  }))
}

/** How alike the tenants are, in a sentence. */
export function describeClasses(classes: readonly TenantClass[]): string {
  const all = classes.reduce((sum, one) => sum + one.tenants.length, 0)
  const revisions = classes.filter(one => one.isMain).length
  const outliers = all - classes.filter(one => one.isMain).reduce((sum, one) => sum + one.tenants.length, 0)
  if (all === 0) return 'The plan has no tenants.'
  if (all === 1) return 'There is one tenant.'
  if (classes.length === 1) return `All ${all} tenants are identical: same revision, same catalog.`
  if (outliers === 0) return `${all} tenants at ${revisions} revisions: those of a revision are identical.`
  return `${outliers} of ${all} tenants ${outliers === 1 ? 'differs' : 'differ'} from the others at ${outliers === 1 ? 'its' : 'their'} revision.`
}

/** Every tenant of a plan as a row. */
export function listTenantRows(plan: Plan, classes: readonly TenantClass[]): readonly TenantRow[] {
  const classOf = new Map(classes.flatMap(one => one.tenants.map(tenant => [tenant, one] as const)))
  return plan.groups.flatMap(group =>
    group.tenants.map(tenant => {
      const route = findRoute(plan, tenant)
      const own = classOf.get(tenant.tenant)
      return {
        tenant: tenant.tenant,
        group: group.name,
        wave: group.wave,
        cluster: tenant.cluster,
        database:
          tenant.schema === undefined ? tenant.database : `${tenant.database}, schema ${tenant.schema}`,
        from: formatHeads(tenant.from),
        to: formatHeads(route?.to ?? tenant.from),
        steps: route?.steps.length ?? 0,
        class: own?.number ?? 1,
        isOutlier: own !== undefined && !own.isMain,
      }
    }),
  )
}

/** Says whether a row passes a filter. */
export function matchesTenantFilter(row: TenantRow, filter: PlanTenantFilter): boolean {
  const { class: number, shows } = filter
  if (!matchesTenant(row, filter)) return false
  if (number !== null && row.class !== number) return false
  if (shows === 'differ') return row.isOutlier
  if (shows === 'moves') return row.steps > 0
  return shows === 'all' || row.steps === 0
}

/** Puts rows in order; without an order, those that differ come first, the rarest before all. */
export function sortTenantRows(
  rows: readonly TenantRow[],
  classes: readonly TenantClass[],
  sort: Sort | null,
): readonly TenantRow[] {
  const sizes = new Map(classes.map(one => [one.number, one.tenants.length]))
  const attention = ({ isOutlier, class: number, wave }: TenantRow) => [
    isOutlier ? 0 : 1,
    sizes.get(number) ?? 0,
    number,
    wave,
  ]
  return sortTenants(rows, sort, { columns, attention })
}

const columns: TenantOrder<TenantRow>['columns'] = {
  tenant: row => [row.tenant],
  class: row => [row.class],
  group: row => [row.group],
  wave: row => [row.wave],
  cluster: row => [row.cluster],
  database: row => [row.database],
  from: row => [row.from],
  steps: row => [row.steps],
}
