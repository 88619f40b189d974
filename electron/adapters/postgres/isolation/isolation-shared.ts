import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { IsolationLeak, SharedTables } from '../../../engine/ports/gate-facts.ts'
import type { SqlParser } from '../../../engine/ports/sql-parser.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { describeChannels, judgeSharedTable, type SharedRole } from './isolation-policies.ts'
import { findHijackableRoutines } from './isolation-routines.ts'
import { readJudgedPolicies } from './judged-policy.ts'
import {
  type SharedTableFacts,
  selectCovertChannels,
  selectReachableTables,
} from './queries/isolation-policies.ts'
import { type RoutineFacts, selectRoutines } from './queries/isolation-routines.ts'
import { selectRoleSettings } from './queries/isolation-schemas.ts'
import { selectViewWays } from './queries/isolation-views.ts'

/** Leaks between tenants that are rows of one database's tables: every way past the policies. */
export async function findSharedLeaks(
  client: DatabaseClient,
  { name, appRole }: Tenant,
  shared: SharedTables,
  parser: SqlParser,
): Promise<readonly IsolationLeak[]> {
  if (appRole === null) return []
  const whose: SharedRole = { role: appRole, ofTenant: name }
  const { rows } = await client.query<{ readonly name: string; readonly privileged: boolean }>(
    `select current_user::text as name, coalesce((select rolsuper from pg_catalog.pg_roles where rolname = $1), false) as privileged`,
    [appRole],
  )
  // A superuser is one finding, not one a table.
  if (rows[0]?.privileged) return []
  const reachable = await selectReachableTables(client, appRole, shared.column)
  const tables = reachable.filter(({ kind }) => kind === 'r' || kind === 'p' || kind === 'f')
  const policies = await readJudgedPolicies(client, parser, { role: appRole, column: shared.column })
  const routines = await selectRoutines(client, [appRole])
  const judged = tables.filter(table => shared.isJudged(table.name) && !shared.isLookup(table.name))
  return [
    ...tables.flatMap(table => judgeSharedTable(table, policies, shared, whose, rows[0]?.name ?? '')),
    ...(await findViewLeaks(client, whose, shared)),
    ...findHijackableRoutines(routines, { tenantOf: new Map([[appRole, name]]), place: '' }),
    ...findRoutineLeaks(routines, await selectProtectedTables(client, shared.column), whose),
    ...(await findSettingLeaks(client, whose, shared)),
    ...describeChannels(await selectCovertChannels(client, shared.column), judged, whose, shared.column),
  ]
}

interface ProtectedTable {
  readonly table: string
  readonly label: string
  readonly owner: string
  readonly forced: boolean
}

/** Tables with the tenant's column or with row-level security, regardless of who may use them. */
async function selectProtectedTables(
  client: DatabaseClient,
  column: string,
): Promise<readonly ProtectedTable[]> {
  const { rows } = await client.query<ProtectedTable>(
    `select c.oid::regclass::text as table, c.relname::text as label, pg_get_userbyid(c.relowner)::text as owner, c.relforcerowsecurity as forced
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and (c.relrowsecurity or exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname = $1 and not a.attisdropped))
     order by length(c.relname) desc, 1`,
    [column],
  )
  return rows
}

async function findViewLeaks(
  client: DatabaseClient,
  whose: SharedRole,
  { column }: SharedTables,
): Promise<readonly IsolationLeak[]> {
  const keys = new Set((await selectProtectedTables(client, column)).map(({ table }) => table))
  const ways = await selectViewWays(client, [whose.role])
  return ways
    .filter(way => way.bypasses && keys.has(way.table))
    .map(({ view, kind, table, accessor, definers }) => ({
      ...whose,
      reaches: `rows of every tenant in ${table}`,
      grant:
        kind === 'view'
          ? `view ${view} reads it with the rights of ${accessor}, for whom no policy holds`
          : `materialized view ${view} keeps a copy of them, for which no policy holds`,
      fix:
        kind === 'view'
          ? definers.map(definer => `alter view ${definer} set (security_invoker = true);`).join(' ')
          : `revoke all on ${view} from public, ${quoteIdentifier(whose.role)};`,
      object: view,
    }))
}

/** A function with its owner's rights over tables whose policies do not hold for the owner. */
function findRoutineLeaks(
  routines: readonly RoutineFacts[],
  tables: readonly ProtectedTable[],
  whose: SharedRole,
): readonly IsolationLeak[] {
  return routines.flatMap(({ label, kind, owner, definer, privileged, body, callers }) => {
    if (!definer || callers.length === 0) return []
    const words = new Set(body.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])
    const target = tables.find(
      table =>
        (privileged || (table.owner === owner && !table.forced)) && words.has(table.label.toLowerCase()),
    )
    if (target === undefined) return []
    return [
      {
        ...whose,
        reaches: `rows of every tenant in ${target.table}`,
        grant: `${kind} ${label} is SECURITY DEFINER and names it; no policy holds for its owner ${owner}`,
        fix: `alter ${kind} ${label} security invoker;`,
        object: label,
      },
    ]
  })
}

/** A session that names no tenant must see no tenant: a default would show it one. */
async function findSettingLeaks(
  client: DatabaseClient,
  whose: SharedRole,
  { setting }: SharedTables,
): Promise<readonly IsolationLeak[]> {
  const settings = await selectRoleSettings(client, [whose.role])
  return settings
    .filter(({ name, value }) => name.toLowerCase() === setting.toLowerCase() && value !== '')
    .map(({ role, database, value }) => ({
      ...whose,
      reaches: `rows of tenant ${value}, for whichever tenant it works`,
      grant: `${setting} is set to ${value} before a session says anything`,
      fix:
        role === null && database !== null
          ? `alter database ${quoteIdentifier(database)} reset ${setting};`
          : `alter role ${role === null ? 'all' : quoteIdentifier(role)}${database === null ? '' : ` in database ${quoteIdentifier(database)}`} reset ${setting};`,
    }))
}

/** Tables and views on which the role can be tried: those that say whose a row is. */
export function listTriable(
  reachable: readonly SharedTableFacts[],
  shared: SharedTables,
): readonly SharedTableFacts[] {
  return reachable.filter(
    ({ name, columnType, kind }) =>
      columnType !== null && kind !== 'f' && shared.isJudged(name) && !shared.isLookup(name),
  )
}
