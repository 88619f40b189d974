import type { ServerSettings } from './server-settings.ts'
import { endBackendsNamed } from './session-queries.ts'
import { withClient } from './with-client.ts'

const options = { applicationName: 'lockstep sessions', statementTimeoutMs: 5000 }

/** Ends the sessions of one's own role that bear a name. */
export async function endSessions(
  settings: ServerSettings,
  applicationName: string,
  signal: AbortSignal,
): Promise<void> {
  await withClient(
    settings,
    settings.maintenanceDatabase,
    options,
    client => endBackendsNamed(client, applicationName),
    signal,
  )
}
