import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { Isolation, IsolationLeak, SharedTables } from '../../../engine/ports/gate-facts.ts'
import type { SqlParser } from '../../../engine/ports/sql-parser.ts'
import { mapConcurrently } from '../../../lib/map-concurrently.ts'
import type { ClientOptions } from '../session/database-client.ts'
import { primaryServerOf } from '../session/find-server.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { askingCatalogs, findClusterLeaks, findDatabaseLeaks } from './isolation-leaks.ts'
import { probeTenant } from './isolation-probe.ts'
import { tryRows } from './isolation-rows.ts'
import { findSchemaLeaks } from './isolation-schemas.ts'
import { findSharedLeaks } from './isolation-shared.ts'
import { selectRowTenants } from './isolation-tenants.ts'
import { selectInsideWays } from './queries/isolation-inside.ts'
import { selectLinks } from './queries/isolation-links.ts'
import { searchPathOf } from './search-path-of.ts'

/** What is needed to log in as a tenant, and how rows are told apart where tenants are rows. */
export interface IsolationOptions {
  /** The password of a tenant's application role; null: whatever libpq would use. */
  readonly tenantPassword: (tenant: Tenant) => string | null
  readonly shared?: SharedTables | null
  /** Reads the conditions of policies. */
  readonly parser: SqlParser
}

const trying: ClientOptions = {
  applicationName: 'lockstep probe',
  statementTimeoutMs: 5000,
  lockTimeoutMs: 1000,
  settings: { search_path: '' },
}

/** Tells whether tenants are kept apart, by the catalogs and by trying. */
export function createIsolation(servers: readonly ServerSettings[], options: IsolationOptions): Isolation {
  const shared = options.shared ?? null
  /** The settings to reach one tenant's server as the role of another (or of itself). */
  const loginAs = (role: Tenant, target: Tenant): ServerSettings => {
    const primary = primaryServerOf(servers, target)
    if (role.appRole === null) return primary
    return { ...primary, user: role.appRole, password: options.tenantPassword(role) }
  }
  return {
    shared,
    async findLeaks(tenants, signal) {
      const clusters = [...new Set(tenants.map(tenant => tenant.cluster))]
      const found = await mapConcurrently(clusters, 4, async cluster => {
        const members = tenants.filter(tenant => tenant.cluster === cluster)
        const [first] = members
        if (first === undefined) return []
        const primary = primaryServerOf(servers, first)
        // Databases with shared tables are not tenants: one role may well work in several of them.
        const around = await findClusterLeaks(primary, members, shared === null, signal)
        const databases = [...new Set(members.map(tenant => tenant.database))]
        const inside = await mapConcurrently(databases, 4, database =>
          findLeaksInside(primary, database, members, { shared, parser: options.parser }, signal),
        )
        return [...around, ...inside.flat()]
      })
      return found.flat()
    },
    probe: (from, to, signal) => probeTenant(loginAs(from, from), loginAs(from, to), from, to, signal),
    listRowTenants: async (tenant, signal) => {
      if (shared === null) return []
      if (shared.tenants) return shared.tenants
      const { appRole } = tenant
      return await withClient(
        primaryServerOf(servers, tenant),
        tenant.database,
        { ...trying, settings: { ...trying.settings, default_transaction_read_only: 'on' } },
        client => selectRowTenants(client, shared, appRole),
        signal,
      )
    },
    probeRows: async (tenant, from, to, signal) => {
      if (shared === null) return { leaks: [], tried: 0, untried: [], blind: [] }
      return await withClient(
        primaryServerOf(servers, tenant),
        tenant.database,
        trying,
        client => tryRows(client, tenant, { from, to }, { shared, parser: options.parser }),
        signal,
      )
    },
    runQuery: (tenant, sql, timeoutMs, signal) =>
      withClient(
        loginAs(tenant, tenant),
        tenant.database,
        {
          applicationName: 'lockstep smoke test',
          statementTimeoutMs: timeoutMs,
          settings: { default_transaction_read_only: 'on', ...searchPathOf(tenant).settings },
        },
        async client => {
          const { rows, columns } = await client.query(sql)
          const [column] = columns
          const value = column === undefined ? null : rows[0]?.[column]
          return { rows: rows.length, first: value === null || value === undefined ? null : String(value) }
        },
        signal,
      ),
  }
}

/** Leaks that only one database shows, in whichever way it holds tenants. */
async function findLeaksInside(
  primary: ServerSettings,
  database: string,
  members: readonly Tenant[],
  { shared, parser }: { readonly shared: SharedTables | null; readonly parser: SqlParser },
  signal: AbortSignal,
): Promise<readonly IsolationLeak[]> {
  const here = members.filter(tenant => tenant.database === database)
  const areDatabases = shared === null && here.every(tenant => tenant.schema === undefined)
  if (areDatabases) {
    const found = await mapConcurrently(here, 4, tenant =>
      findDatabaseLeaks(primary, tenant, members, signal),
    )
    return found.flat()
  }
  return await withClient(
    primary,
    database,
    askingCatalogs,
    async client => {
      const leaks: IsolationLeak[] = []
      const others = [...new Set(members.map(tenant => tenant.database))].filter(name => name !== database)
      if (shared === null) leaks.push(...(await findSchemaLeaks(client, database, here)))
      for (const tenant of here) {
        if (shared !== null) leaks.push(...(await findSharedLeaks(client, tenant, shared, parser)))
        // A way back into this very database is a way to another tenant of it.
        leaks.push(...(await selectLinks(client, tenant, [...others, database])))
        leaks.push(...(await selectInsideWays(client, tenant, others, true)))
      }
      return leaks
    },
    signal,
  )
}
