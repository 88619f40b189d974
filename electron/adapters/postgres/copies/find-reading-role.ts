import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { selectReadingRole } from './reading-role.ts'

/** The role that the login of a server has to take to read all of a database; null where it needs none. */
export async function findReadingRole(
  settings: ServerSettings,
  database: string,
  signal: AbortSignal,
): Promise<string | null> {
  const options = { applicationName: 'lockstep shadow', statementTimeoutMs: 30_000 }
  return await withClient(settings, database, options, selectReadingRole, signal)
}
