import { setMaxListeners } from 'node:events'
import { throwIfAborted } from '../../../lib/throw-if-aborted.ts'
import { bindSession } from './bind-session.ts'
import { checkSession } from './check-session.ts'
import { endSession } from './connect-session.ts'
import type { ClientOptions, PipelinedClient } from './database-client.ts'
import { openSession } from './open-session.ts'
import type { ServerSettings } from './server-settings.ts'

/**
 * Opens a session straight to a server and refuses a connection pooler in between.
 *
 * When the signal comes, the running statement is cancelled from another connection and further ones are refused.
 */
export async function openClient(
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  signal: AbortSignal,
): Promise<PipelinedClient> {
  throwIfAborted(signal)
  // One signal ends a whole run: Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal)
  const session = await openSession(settings, database, { ...options, isHeld: true }, signal)
  const bound = bindSession(session, settings, database, options, signal)
  const opened: PipelinedClient = {
    backendPid: bound.backendPid,
    isAlive: bound.isAlive,
    query: bound.query,
    send: bound.send,
    async close() {
      await bound.release()
      await endSession(session)
    },
  }
  try {
    await checkSession(opened, settings, database, options)
  } catch (error) {
    await opened.close()
    throw error
  }
  return opened
}
