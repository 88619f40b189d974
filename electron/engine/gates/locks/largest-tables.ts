import type { RouteRehearsal } from '../../../../shared/analysis/rehearsal.ts'
import { mapConcurrently } from '../../../lib/map-concurrently.ts'
import type { GateContext } from '../../checks/gate.ts'
import type { TableFacts } from '../../ports/schema-facts.ts'
import { listMigratingTenants } from '../../routes/migrating-tenants.ts'

/** Each table as it is in the tenant of the class where it is largest: a copy may be smaller than what it stands for. */
export async function readLargest(
  context: GateContext,
  route: RouteRehearsal,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TableFacts>> {
  const members = listMigratingTenants(context).filter(({ planned }) =>
    route.tenants.includes(planned.tenant),
  )
  const read = await mapConcurrently(members, 4, ({ tenant }) =>
    context.schemaFacts.readTables(tenant, signal),
  )
  const largest = new Map<string, TableFacts>()
  for (const facts of read.flat()) {
    const known = largest.get(facts.table)
    if (!known || facts.bytes > known.bytes) largest.set(facts.table, facts)
  }
  return largest
}
