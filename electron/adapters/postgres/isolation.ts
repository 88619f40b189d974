import { mapConcurrently } from '../../../shared/map-concurrently.ts'
import type { Tenant } from '../../../shared/topology.ts'
import type { Isolation } from '../../engine/ports/gate-facts.ts'
import { primaryOf } from './gate-facts.ts'
import { findClusterLeaks, findDatabaseLeaks } from './isolation-leaks.ts'
import { probeTenant } from './isolation-probe.ts'
import type { ServerSettings } from './server-settings.ts'
import { withClient } from './with-client.ts'

/** What is needed to log in as a tenant. */
export interface IsolationOptions {
  /** The password of a tenant's application role; null: whatever libpq would use. */
  readonly tenantPassword: (tenant: Tenant) => string | null
}

/** Tells whether tenants with a database each are kept apart, by the catalogs and by trying. */
export function createIsolation(servers: readonly ServerSettings[], options: IsolationOptions): Isolation {
  /** The settings to reach one tenant's server as the role of another (or of itself). */
  const loginAs = (role: Tenant, target: Tenant): ServerSettings => {
    const primary = primaryOf(servers, target)
    if (role.appRole === null) return primary
    return { ...primary, user: role.appRole, password: options.tenantPassword(role) }
  }
  return {
    async findLeaks(tenants, signal) {
      const clusters = [...new Set(tenants.map(tenant => tenant.cluster))]
      const found = await mapConcurrently(clusters, 4, async cluster => {
        const members = tenants.filter(tenant => tenant.cluster === cluster)
        const [first] = members
        if (first === undefined) return []
        const primary = primaryOf(servers, first)
        const shared = await findClusterLeaks(primary, members, signal)
        const inside = await mapConcurrently(members, 4, tenant =>
          findDatabaseLeaks(primary, tenant, members, signal),
        )
        return [...shared, ...inside.flat()]
      })
      return found.flat()
    },
    probe: (from, to, signal) => probeTenant(loginAs(from, from), loginAs(from, to), from, to, signal),
    runQuery: (tenant, sql, timeoutMs, signal) =>
      withClient(
        loginAs(tenant, tenant),
        tenant.database,
        {
          applicationName: 'lockstep smoke test',
          statementTimeoutMs: timeoutMs,
          settings: { default_transaction_read_only: 'on' },
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
