import { selectSchemas } from './queries/link-queries.ts'
import type { ServerSettings } from './server-settings.ts'
import { withClient } from './with-client.ts'

/** Names of the schemas of a database that can hold a tenant, sorted. */
export async function listSchemas(
  settings: ServerSettings,
  database: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const options = { applicationName: 'lockstep schemas', statementTimeoutMs: 10_000 }
  return await withClient(settings, database, options, selectSchemas, signal)
}
