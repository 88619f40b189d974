import type { ClosedDatabase } from '../../../../shared/topology/topology.ts'
import { isCopyName } from '../../../naming/copy-name.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { selectClosedDatabases, selectDatabases } from './server-queries.ts'

/** Names of the databases that can hold a tenant, sorted. */
export async function listDatabases(
  settings: ServerSettings,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const options = { applicationName: 'lockstep databases', statementTimeoutMs: 10_000 }
  return await withClient(settings, settings.maintenanceDatabase, options, selectDatabases, signal)
}

/** Databases that take no session of this login, sorted. */
export async function listClosedDatabases(
  settings: ServerSettings,
  signal: AbortSignal,
): Promise<readonly ClosedDatabase[]> {
  const options = { applicationName: 'lockstep databases', statementTimeoutMs: 10_000 }
  return await withClient(settings, settings.maintenanceDatabase, options, selectClosedDatabases, signal)
}

/** First column of a query of the team, in a session that cannot write. */
export async function queryTenantNames(
  settings: ServerSettings,
  sql: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const options = {
    applicationName: 'lockstep tenants',
    statementTimeoutMs: 10_000,
    settings: { default_transaction_read_only: 'on' },
  }
  return await withClient(
    settings,
    settings.maintenanceDatabase,
    options,
    async client => {
      const { rows, columns } = await client.query(sql)
      const [first] = columns
      return rows.flatMap(row => {
        const value = first === undefined ? null : row[first]
        return value === null || value === undefined || isCopyName(String(value)) ? [] : [String(value)]
      })
    },
    signal,
  )
}
