import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { IsolationLeak } from '../../../engine/ports/gate-facts.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { ClientOptions } from '../session/database-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { findHijackableRoutines } from './isolation-routines.ts'
import { selectConnectGrants } from './queries/isolation-connect.ts'
import { selectDefaultGrants } from './queries/isolation-defaults.ts'
import { selectInsideWays } from './queries/isolation-inside.ts'
import { selectLinks } from './queries/isolation-links.ts'
import { selectObjectGrants } from './queries/isolation-objects.ts'
import { selectDangerousAttributes, selectMemberships } from './queries/isolation-roles.ts'
import { selectRoutines } from './queries/isolation-routines.ts'

/** How the catalogs are asked: names come out qualified. */
export const askingCatalogs: ClientOptions = {
  applicationName: 'lockstep isolation',
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 2000,
  settings: { search_path: '', default_transaction_read_only: 'on' },
}

/** Leaks that the catalogs of the whole cluster show: attributes and, where tenants have roles of their own, logins, databases and memberships. */
export async function findClusterLeaks(
  primary: ServerSettings,
  tenants: readonly Tenant[],
  haveRoles: boolean,
  signal: AbortSignal,
): Promise<readonly IsolationLeak[]> {
  const roles = tenants.flatMap(({ name, database, appRole }) =>
    appRole === null ? [] : [{ tenant: name, database, role: appRole }],
  )
  const found = await withClient(
    primary,
    primary.maintenanceDatabase,
    askingCatalogs,
    async client => [
      ...(haveRoles ? await selectConnectGrants(client, roles) : []),
      ...(haveRoles ? await selectMemberships(client, roles) : []),
      ...(await selectDangerousAttributes(client, roles)),
    ],
    signal,
  )
  return [...(haveRoles ? findSharedLogins(tenants) : []), ...found]
}

/** Leaks that only the tenant's own database shows: grants to others, and ways out of it. */
export async function findDatabaseLeaks(
  primary: ServerSettings,
  tenant: Tenant,
  tenants: readonly Tenant[],
  signal: AbortSignal,
): Promise<readonly IsolationLeak[]> {
  const others = tenants.filter(other => other.name !== tenant.name)
  const strangers = others.flatMap(({ name, appRole }) =>
    appRole === null || appRole === tenant.appRole ? [] : [{ tenant: name, role: appRole, schema: null }],
  )
  const databases = others.map(other => other.database)
  const tenantOf = new Map(tenant.appRole === null ? [] : [[tenant.appRole, tenant.name]])
  const place = ` -- in database ${quoteIdentifier(tenant.database)}`
  return await withClient(
    primary,
    tenant.database,
    askingCatalogs,
    async client => [
      ...(await selectObjectGrants(client, tenant, strangers)),
      ...(await selectDefaultGrants(client, strangers, tenant.database, tenant.appRole)),
      ...(await selectLinks(client, tenant, databases)),
      ...(await selectInsideWays(client, tenant, databases, false)),
      ...findHijackableRoutines(await selectRoutines(client, [...tenantOf.keys()]), { tenantOf, place }),
    ],
    signal,
  )
}

/** Two tenants that log in as the same role are one tenant to the database. */
function findSharedLogins(tenants: readonly Tenant[]): readonly IsolationLeak[] {
  const roles = [...new Set(tenants.flatMap(({ appRole }) => (appRole === null ? [] : [appRole])))]
  return roles.flatMap(role => {
    const [first, ...rest] = tenants.filter(tenant => tenant.appRole === role)
    if (first === undefined || rest.length === 0) return []
    const names = rest.map(tenant => tenant.name)
    const reaches =
      names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
    return [
      {
        role,
        ofTenant: first.name,
        reaches: `tenant ${reaches}`,
        grant: 'it is the application role of all of them',
        fix: `create role ${quoteIdentifier(`${rest[0]?.name}_app`)} login;`,
      },
    ]
  })
}
