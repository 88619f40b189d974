import type { ClientOptions, DatabaseClient } from './database-client.ts'
import { openClient } from './open-client.ts'
import type { ServerSettings } from './server-settings.ts'

/** Lends a session of its own, with its settings in force, and ends it afterwards whatever happened. */
export async function withClient<Result>(
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  use: (client: DatabaseClient) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const client = await openClient(settings, database, options, signal)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}
