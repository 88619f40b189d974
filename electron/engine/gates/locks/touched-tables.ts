import type { MigrationRoute, PlannedStatement } from '../../../../shared/plan/plan.ts'

/** Tables that a route touches: known by name, or (when something cannot be read beforehand) possibly any. */
export type TouchedTables =
  | { readonly kind: 'named'; readonly tables: readonly string[] }
  | { readonly kind: 'any'; readonly because: string }

/** Reads from the plan which tables a route touches; what cannot be told counts as every table. */
export function touchedTables(route: MigrationRoute): TouchedTables {
  for (const step of route.steps) {
    if (step.unrendered !== '')
      return { kind: 'any', because: `revision ${step.revision} cannot be shown beforehand` }
    if (step.statements.some(mayTouchAnything)) {
      return { kind: 'any', because: `revision ${step.revision} has a statement whose tables are not known` }
    }
  }
  const names = route.steps.flatMap(step => step.statements.flatMap(statement => statement.tables))
  return { kind: 'named', tables: [...new Set(names)].sort() }
}

/** Code blocks, calls and queries can reach tables that no parser sees; `create type` and the like cannot. */
function mayTouchAnything(statement: PlannedStatement): boolean {
  return (
    statement.tables.length === 0 && /^\s*(do|call|select|with|execute|truncate|lock)\b/i.test(statement.sql)
  )
}

/** Reads facts about the tables of a route; a route that touches none needs no question. */
export async function askAboutTables<T>(
  touched: TouchedTables,
  none: T,
  ask: (tables: readonly string[]) => Promise<T>,
): Promise<T> {
  if (touched.kind === 'any') return ask([])
  return touched.tables.length === 0 ? none : ask(touched.tables)
}
