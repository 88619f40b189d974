import { LockstepError } from '../../../../shared/failure/failure.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { BlockingSession, GateFacts } from '../../../engine/ports/gate-facts.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import { narrowTo, ownNamesOf } from '../catalog/narrow-to-schema.ts'
import type { ClientOptions, DatabaseClient } from '../session/database-client.ts'
import { findServer, primaryServerOf } from '../session/find-server.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { selectBlindRole, selectPreparedHolders, selectSessions } from './gate-blocking-sessions.ts'
import { selectCapacity } from './gate-capacity.ts'
import { readForeignKeys, readHiddenRows } from './gate-facts-foreign-keys.ts'
import { measureFreeDisk } from './gate-facts-free-disk.ts'
import { selectDisabledForeignKeys } from './gate-foreign-keys.ts'
import { countRelations, selectTablesOfSchema } from './gate-lock-targets.ts'
import { selectLoginSettings } from './gate-settings.ts'

const asking: ClientOptions = {
  applicationName: 'lockstep gates',
  statementTimeoutMs: 15_000,
  lockTimeoutMs: 2000,
  // Names come out qualified, and a row-level policy raises instead of hiding rows from a count.
  settings: { search_path: '', row_security: 'off', default_transaction_read_only: 'on' },
}

/** What the built-in gates ask of PostgreSQL, on the configured servers. Reads only; holds nothing open by itself. */
export function createGateFacts(servers: readonly ServerSettings[]): GateFacts {
  const inTenant = <T>(
    tenant: Tenant,
    use: (client: DatabaseClient) => Promise<T>,
    signal: AbortSignal,
    options: ClientOptions = asking,
  ): Promise<T> => withClient(primaryServerOf(servers, tenant), tenant.database, options, use, signal)
  return {
    readSettings: (tenant, names, signal) =>
      inTenant(tenant, client => selectLoginSettings(client, names), signal),
    readForeignKeys: (tenant, { statementTimeoutMs }, signal) =>
      inTenant(tenant, client => readForeignKeys(client, statementTimeoutMs, isIn(tenant)), signal, {
        ...asking,
        // Its statements have limits of their own, which together are this long.
        answerTimeoutMs: statementTimeoutMs + 60_000,
      }),
    readHiddenRows: (tenant, signal) =>
      inTenant(tenant, client => readHiddenRows(client, isIn(tenant)), signal),
    readDisabledForeignKeyTriggers: async (tenant, signal) => {
      const keys = await inTenant(tenant, selectDisabledForeignKeys, signal)
      return keys.filter(({ table }) => isIn(tenant)(table))
    },
    readBlockingSessions: (tenant, tables, signal) =>
      inTenant(tenant, async client => readSessions(client, await tablesOf(client, tenant, tables)), signal),
    countLockTargets: (tenant, tables, signal) =>
      inTenant(
        tenant,
        async client => countRelations(client, await tablesOf(client, tenant, tables)),
        signal,
      ),
    async readCapacity(name, signal) {
      const server = findServer(servers, name)
      const row = await withClient(server, server.maintenanceDatabase, asking, selectCapacity, signal)
      const { dataDirectory, startedAt, ...room } = row
      return { server: name, ...room, freeDiskBytes: await measureFreeDisk(dataDirectory, startedAt) }
    },
  }
}

/** Whether a table, as PostgreSQL prints its name, is the tenant's own. */
function isIn({ schema }: Tenant): (table: string) => boolean {
  const narrow = narrowTo(schema)
  return table => narrow.names([table]).length > 0
}

/** The tables that a question is about; no tables means every one of the tenant. */
async function tablesOf(
  client: DatabaseClient,
  tenant: Tenant,
  tables: readonly string[],
): Promise<readonly string[]> {
  if (tenant.schema === undefined || tables.length > 0) return ownNamesOf(tenant, tables)
  const own = await selectTablesOfSchema(client, tenant.schema)
  // An empty list would mean the whole database.
  return own.length > 0 ? own : [`${quoteIdentifier(tenant.schema)}.none`]
}

async function readSessions(
  client: DatabaseClient,
  tables: readonly string[],
): Promise<readonly BlockingSession[]> {
  const role = await selectBlindRole(client)
  if (role !== null) {
    throw new LockstepError({
      kind: 'usage',
      problem: `sessions of other roles are hidden from the role ${role}`,
      fix: `As a superuser: grant pg_monitor to ${quoteIdentifier(role)};`,
    })
  }
  const sessions = await selectSessions(client, tables)
  return [...sessions, ...(await selectPreparedHolders(client, tables))]
}
