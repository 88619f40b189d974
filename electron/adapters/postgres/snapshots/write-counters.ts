import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { TableWrites } from '../../../engine/ports/snapshots.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { endPooledSessions } from '../session/session-pool.ts'
import { withClient } from '../session/with-client.ts'
import { awaitCollector, selectTableWrites } from './snapshot-queries.ts'

/** Reads how many rows each table has seen written; our own sessions hand in what they have counted first. */
export async function readTableWrites(
  settings: ServerSettings,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<TableWrites | null> {
  await endPooledSessions(settings, tenant.database)
  const options = { applicationName: 'lockstep writes', statementTimeoutMs: 15_000 }
  return withClient(
    settings,
    tenant.database,
    options,
    async client => ((await awaitCollector(client)) ? selectTableWrites(client, tenant.schema) : null),
    signal,
  )
}
