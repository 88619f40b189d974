import type { Cluster, Tenant } from '../../../shared/topology/topology.ts'
import type { Postgres } from '../../adapters/postgres/create-postgres.ts'
import { suggestTenants } from '../../discovery/suggest-tenants.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'

/** The database that a server was made with, by the server's name; null when none is declared. */
export type InitialDatabases = ReadonlyMap<string, string | null>

/** Databases of each primary that look like tenants; where one database holds a family of schemas, those. */
export async function suggestTenantsOf(
  clusters: readonly Cluster[],
  postgres: Postgres,
  initial: InitialDatabases,
  signal: AbortSignal,
): Promise<readonly Tenant[]> {
  const asked = clusters.filter(cluster => cluster.primary.role === 'primary')
  const found = await mapConcurrently(asked, 4, async ({ name, primary }) => {
    const { server } = primary
    const all = await postgres.servers.listDatabases(server, signal)
    const { databases } = suggestTenants(all, initial.get(server) ?? null)
    const [only] = databases
    const schemas =
      databases.length === 1 && only !== undefined ? await findSchemas(only, server, postgres, signal) : []
    const tenants: readonly Tenant[] =
      schemas.length > 0
        ? schemas.map(schema => ({
            name: schema,
            cluster: name,
            database: only ?? '',
            schema,
            appRole: null,
          }))
        : databases.map(database => ({ name: database, cluster: name, database, appRole: null }))
    return tenants
  })
  return found.flat()
}

/** A family of schemas is a choice of a team; one or two schemas of different names are not. */
async function findSchemas(
  database: string,
  server: string,
  postgres: Postgres,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const schemas = await postgres.servers.listSchemas(server, database, signal)
  const { databases: family, patterns } = suggestTenants(
    schemas.filter(schema => schema !== 'public'),
    null,
  )
  return family.length >= 2 && patterns.length === 1 ? family : []
}
