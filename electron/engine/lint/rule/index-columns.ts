import type { LintContext } from './lint-rule.ts'

/** Whether an index of a table begins with these columns, in any order; of tenants that differ, all must have one. */
export function hasIndexOn(
  { state, schema }: LintContext,
  table: string,
  columns: readonly string[],
): boolean {
  const begins = (index: readonly (string | null)[]) => {
    const leading = index.slice(0, columns.length)
    return leading.length === columns.length && columns.every(column => leading.includes(column))
  }
  if ([...state.indexes.values()].some(index => index.table === table && begins(index.columns))) return true
  const shapes = schema.shapesOf(table)
  return (
    shapes.length > 0 &&
    shapes.every(({ indexes }) =>
      indexes.some(index => index.isValid && index.isWhole && begins(index.columns)),
    )
  )
}
