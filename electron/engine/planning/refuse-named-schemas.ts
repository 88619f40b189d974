import { LockstepError } from '../../../shared/failure/failure.ts'
import type { MigrationRoute } from '../../../shared/plan/plan.ts'
import { quoteName } from '../../../shared/sql/quote-name.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { quoteIdentifier } from '../../sql/quote-identifier.ts'

/** Refuses statements that name a tenant's schema: every tenant would run them, and change that one's tables. */
export function refuseNamedSchemas(routes: readonly MigrationRoute[], tenants: readonly Tenant[]): void {
  const owners = tenants.flatMap(({ name, schema }) => {
    if (schema === undefined) return []
    const quoted = `${quoteIdentifier(schema)}.`
    return [{ name, schema, starts: [`${quoteName(schema)}.`, quoted] }]
  })
  if (owners.length === 0) return
  for (const step of routes.flatMap(route => route.steps)) {
    for (const table of step.statements.flatMap(statement => statement.tables)) {
      const owner = owners.find(({ starts }) => starts.some(start => table.startsWith(start)))
      if (!owner) continue
      throw new LockstepError({
        kind: 'usage',
        problem: `revision ${step.revision} names ${table}, and ${owner.schema} is the schema of tenant ${owner.name}: every tenant would run it`,
        fix: "leave the schema out of the statement: names are looked up in each tenant's own schema first, then in public",
      })
    }
  }
}
