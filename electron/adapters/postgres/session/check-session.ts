import { LockstepError } from '../../../../shared/failure/failure.ts'
import type { ClientOptions, DatabaseClient } from './database-client.ts'
import type { ServerSettings } from './server-settings.ts'
import { prepareSession } from './session-queries.ts'

/** Puts a session's settings in force, and refuses one that is not what it seems. */
export async function checkSession(
  client: DatabaseClient,
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
): Promise<void> {
  const session = await prepareSession(client, {
    application_name: options.applicationName,
    statement_timeout: String(options.statementTimeoutMs ?? 0),
    lock_timeout: String(options.lockTimeoutMs ?? 0),
    idle_in_transaction_session_timeout: '0',
    idle_session_timeout: '0',
    ...options.settings,
  })
  // A pooler answers with a key of its own; a direct connection's is the backend's pid.
  if (session.pid !== client.backendPid) {
    throw new LockstepError({ kind: 'pooler_refused', server: settings.name })
  }
  // The server cuts names to 63 bytes without a word, and would let us into another database.
  if (session.database !== database) {
    throw new LockstepError({ kind: 'database_missing', server: settings.name, database })
  }
}
