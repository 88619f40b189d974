import { formatHeads } from '../../../shared/plain-words.ts'
import type { Plan } from '../../../shared/plan.ts'
import { findRoute } from '../../../shared/plan-selectors.ts'
import type { Sort } from '../../parts/data-table.tsx'

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
  /** Number of its class, the largest first, from 1. */
  readonly class: number
  readonly isOutlier: boolean
}

/** Tenants with equal revisions and an equal catalog. */
export interface TenantClass {
  readonly number: number
  readonly from: string
  readonly fingerprint: string
  readonly tenants: readonly string[]
}

export interface TenantFilter {
  readonly text: string
  readonly group: string | null
  readonly class: number | null
  readonly shows: 'all' | 'differ' | 'moves' | 'at_target'
}

/** Sorts the tenants of a plan into classes, the largest first. */
export function classTenants({ groups }: Plan): readonly TenantClass[] {
  const byKey = new Map<string, { from: string; fingerprint: string; tenants: string[] }>()
  for (const { tenant, from, fingerprint } of groups.flatMap(group => group.tenants)) {
    const key = JSON.stringify([from, fingerprint])
    const found = byKey.get(key) ?? { from: formatHeads(from), fingerprint, tenants: [] }
    found.tenants.push(tenant)
    byKey.set(key, found)
  }
  return [...byKey.values()]
    .sort((a, b) => b.tenants.length - a.tenants.length || (a.from < b.from ? -1 : 1))
    .map((one, index) => ({ ...one, number: index + 1 }))
}

/** How alike the tenants are, in a sentence. */
export function describeClasses(classes: readonly TenantClass[]): string {
  const all = classes.reduce((sum, one) => sum + one.tenants.length, 0)
  const first = classes[0]?.tenants.length ?? 0
  if (all === 0) return 'The plan has no tenants.'
  if (all === 1) return 'There is one tenant.'
  if (classes.length === 1) return `All ${all} tenants are identical: same revision, same catalog.`
  if (first === 1) return `No two of the ${all} tenants are identical.`
  return `${first} identical; ${all - first} differ from them in revision or catalog.`
}

/** Every tenant of a plan as a row. */
export function listTenantRows(plan: Plan, classes: readonly TenantClass[]): readonly TenantRow[] {
  const classOf = new Map(classes.flatMap(one => one.tenants.map(tenant => [tenant, one.number] as const)))
  return plan.groups.flatMap(group =>
    group.tenants.map(tenant => {
      const route = findRoute(plan, tenant)
      const number = classOf.get(tenant.tenant) ?? 1
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
        class: number,
        isOutlier: number > 1,
      }
    }),
  )
}

/** Says whether a row passes a filter. */
export function passesFilter(row: TenantRow, { text, group, class: number, shows }: TenantFilter): boolean {
  const wanted = text.trim().toLowerCase()
  if (wanted !== '' && !`${row.tenant} ${row.database} ${row.cluster}`.toLowerCase().includes(wanted))
    return false
  if (group !== null && row.group !== group) return false
  if (number !== null && row.class !== number) return false
  if (shows === 'differ') return row.isOutlier
  if (shows === 'moves') return row.steps > 0
  return shows === 'all' || row.steps === 0
}

/** Puts rows in order; without a wish, those that differ come first, the rarest before all. */
export function sortTenantRows(
  rows: readonly TenantRow[],
  classes: readonly TenantClass[],
  sort: Sort | null,
): readonly TenantRow[] {
  const direction = sort?.direction === 'descending' ? -1 : 1
  const sizes = new Map(classes.map(one => [one.number, one.tenants.length]))
  const byAttention = (a: TenantRow, b: TenantRow): number =>
    Number(b.isOutlier) - Number(a.isOutlier) ||
    (sizes.get(a.class) ?? 0) - (sizes.get(b.class) ?? 0) ||
    a.class - b.class ||
    a.wave - b.wave ||
    names.compare(a.tenant, b.tenant)
  const column = sort?.column
  if (column === undefined || !isSortable(column)) return [...rows].sort(byAttention)
  return [...rows].sort(
    (a, b) => direction * compareValues(a[column], b[column]) || names.compare(a.tenant, b.tenant),
  )
}

type SortableColumn = 'tenant' | 'class' | 'group' | 'wave' | 'cluster' | 'database' | 'from' | 'steps'

function isSortable(column: string): column is SortableColumn {
  return ['tenant', 'class', 'group', 'wave', 'cluster', 'database', 'from', 'steps'].includes(column)
}

const names = new Intl.Collator('en', { numeric: true })

function compareValues(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : names.compare(String(a), String(b))
}
