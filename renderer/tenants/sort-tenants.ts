import { compareNames } from '../../shared/text/compare-names.ts'
import type { Sort } from '../ui/data-table.tsx'

/** What a row is sorted by: where the first values are equal the second ones count, and so on. */
export type SortKey = readonly (string | number)[]

/** How the tenants of one table are put in order. */
export interface TenantOrder<Row> {
  /** By column; others are not sorted by. */
  readonly columns: Readonly<Record<string, (row: Row) => SortKey>>
  /** Where no column is chosen: what needs attention comes first. */
  readonly attention: (row: Row) => SortKey
}

/** Rows of tenants by a column either way, or by attention; those that are equal by it in the order of their names. */
export function sortTenants<Row extends { readonly tenant: string }>(
  rows: readonly Row[],
  sort: Sort | null,
  { columns, attention }: TenantOrder<Row>,
): readonly Row[] {
  const chosen = sort !== null && Object.hasOwn(columns, sort.column) ? columns[sort.column] : undefined
  const keyOf = chosen ?? attention
  const sign = chosen && sort?.direction === 'descending' ? -1 : 1
  return rows
    .map(row => ({ row, key: keyOf(row) }))
    .toSorted(
      (left, right) =>
        sign * compareKeys(left.key, right.key) || compareNames(left.row.tenant, right.row.tenant),
    )
    .map(({ row }) => row)
}

function compareKeys(left: SortKey, right: SortKey): number {
  for (const [index, value] of left.entries()) {
    const order = compareValues(value, right[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** Numbers by size, names as people count. */
function compareValues(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  return compareNames(String(left), String(right))
}
