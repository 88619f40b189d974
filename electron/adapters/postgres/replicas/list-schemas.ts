import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { selectSchemas } from './link-queries.ts'

/** Names of the schemas of a database that can hold a tenant, sorted. */
export async function listSchemas(
  settings: ServerSettings,
  database: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const options = { applicationName: 'lockstep schemas', statementTimeoutMs: 10_000 }
  return await withClient(settings, database, options, selectSchemas, signal)
}
