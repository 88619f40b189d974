import { compareNames } from '../../shared/text/compare-names.ts'

/** Rows of tenants by a comparison, either way; those that are equal by it in the order of their names. */
export function orderTenants<Row extends { readonly tenant: string }>(
  rows: readonly Row[],
  compare: (left: Row, right: Row) => number,
  direction: 'ascending' | 'descending',
): readonly Row[] {
  const sign = direction === 'descending' ? -1 : 1
  return rows.toSorted(
    (left, right) => sign * compare(left, right) || compareNames(left.tenant, right.tenant),
  )
}

/** Values of a column: numbers by size, names as people count. */
export function compareValues(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  return compareNames(String(left), String(right))
}
