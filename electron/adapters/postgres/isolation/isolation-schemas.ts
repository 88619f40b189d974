import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { IsolationLeak } from '../../../engine/ports/gate-facts.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import {
  describeCallers,
  findHijackableRoutines,
  schemasNamedIn,
  splitSearchPath,
} from './isolation-routines.ts'
import { selectCrossings } from './queries/isolation-crossings.ts'
import { selectDefaultGrants } from './queries/isolation-defaults.ts'
import { type RoutineFacts, selectRoutines } from './queries/isolation-routines.ts'
import {
  type RoleSetting,
  type SchemaTenant,
  selectPublicCreators,
  selectRoleSettings,
  selectSchemaGrants,
} from './queries/isolation-schemas.ts'
import { selectViewWays, type ViewWay } from './queries/isolation-views.ts'

/** Leaks between tenants that are schemas of one database. */
export async function findSchemaLeaks(
  client: DatabaseClient,
  database: string,
  members: readonly Tenant[],
): Promise<readonly IsolationLeak[]> {
  const tenants = members.flatMap(({ name, schema, appRole }): readonly SchemaTenant[] =>
    schema === undefined ? [] : [{ tenant: name, schema, role: appRole }],
  )
  const roles = tenants.flatMap(({ role }) => role ?? [])
  const strangers = tenants.flatMap(({ tenant, schema, role }) =>
    role === null ? [] : [{ tenant, schema, role }],
  )
  const routines = await selectRoutines(client, roles)
  const tenantOf = new Map(strangers.map(({ role, tenant }) => [role, tenant]))
  return [
    ...(await selectSchemaGrants(client, tenants)),
    ...(await selectDefaultGrants(client, strangers, database, null)),
    ...(await selectPublicCreators(client, tenants)),
    ...(await selectCrossings(client, tenants)),
    ...findViewLeaks(await selectViewWays(client, roles), tenants, tenantOf),
    ...findHijackableRoutines(routines, { tenantOf, place: '' }),
    ...findRoutineLeaks(routines, tenants, tenantOf),
    ...findPathLeaks(await selectRoleSettings(client, roles), tenants),
  ]
}

/** Views that lie in no tenant's schema; those that do are crossings. */
function findViewLeaks(
  ways: readonly ViewWay[],
  tenants: readonly SchemaTenant[],
  tenantOf: ReadonlyMap<string, string>,
): readonly IsolationLeak[] {
  const owners = new Map(tenants.map(tenant => [tenant.schema, tenant]))
  return ways.flatMap(({ role, view, viewSchema, kind, table, tableSchema, accessor }) => {
    const owner = owners.get(tableSchema)
    if (owner === undefined || owner.role === role || owners.has(viewSchema)) return []
    return [
      {
        role,
        ofTenant: tenantOf.get(role) ?? '',
        reaches: `table ${table} of tenant ${owner.tenant}`,
        grant: `${kind} ${view} reads it with the rights of ${accessor}`,
        fix: `revoke all on ${view} from public, ${quoteIdentifier(role)};`,
        object: view,
      },
    ]
  })
}

/** Bodies that are text are not in the catalog of dependencies: they are read for names of schemas. */
function findRoutineLeaks(
  routines: readonly RoutineFacts[],
  tenants: readonly SchemaTenant[],
  tenantOf: ReadonlyMap<string, string>,
): readonly IsolationLeak[] {
  const owners = new Map(tenants.map(tenant => [tenant.schema, tenant]))
  return routines.flatMap(
    ({ label, kind, schema, owner, definer, body, callers }): readonly IsolationLeak[] => {
      const home = owners.get(schema)
      const named = [...schemasNamedIn(body)]
        .flatMap(name => owners.get(name) ?? [])
        .filter(tenant => tenant !== home)
      const [target] = named
      if (target === undefined) return []
      // Where every role may call it, the tenant that it names may too: the first other one stands for all.
      const strangers = callers.filter(role => role !== target.role)
      const role = home ? (home.role ?? '') : strangers[0]
      if (role === undefined || (!home && !definer)) return []
      const rights = definer ? `, with the rights of ${owner}` : ''
      const also = home ? '' : ` for ${describeCallers(strangers)}`
      return [
        {
          role,
          ofTenant: home?.tenant ?? tenantOf.get(role) ?? '',
          reaches: named.map(({ tenant }) => `schema of tenant ${tenant}`).join(', '),
          grant: `${kind} ${label} names it in its text${rights}${also}`,
          fix: home
            ? `drop ${kind} ${label};`
            : `revoke execute on ${kind} ${label} from public, ${quoteIdentifier(role)};`,
          object: label,
        },
      ]
    },
  )
}

function findPathLeaks(
  settings: readonly RoleSetting[],
  tenants: readonly SchemaTenant[],
): readonly IsolationLeak[] {
  return settings
    .filter(({ name }) => name === 'search_path')
    .flatMap(({ role, database, value }) => {
      const own = tenants.filter(tenant => tenant.role === role)
      const foreign = tenants.filter(
        tenant => splitSearchPath(value).includes(tenant.schema) && !own.includes(tenant),
      )
      const [target] = foreign
      if (target === undefined) return []
      const whom = role === null ? 'all' : quoteIdentifier(role)
      const where = database === null ? '' : ` in database ${quoteIdentifier(database)}`
      return [
        {
          role: role ?? 'of every tenant',
          ofTenant: own[0]?.tenant ?? target.tenant,
          reaches: `schema ${target.schema} of tenant ${target.tenant}`,
          grant: `its search_path is ${value}`,
          fix:
            role === null && database !== null
              ? `alter database ${quoteIdentifier(database)} reset search_path;`
              : `alter role ${whom}${where} reset search_path;`,
        },
      ]
    })
}
