import { setMaxListeners } from 'node:events'
import { throwIfAborted } from '../../../lib/throw-if-aborted.ts'
import { bindSession } from './bind-session.ts'
import { checkSession } from './check-session.ts'
import { endSession } from './connect-session.ts'
import type { ClientOptions, DatabaseClient } from './database-client.ts'
import { openSession } from './open-session.ts'
import type { ServerSettings, Session } from './server-settings.ts'
import { findSessionPool } from './session-pool.ts'

/** Lends a session with its settings in force; a session with an error is ended, a good one may be kept for the next. */
export async function withClient<Result>(
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  use: (client: DatabaseClient) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  throwIfAborted(signal)
  // One signal ends a whole run: Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal)
  const pool = findSessionPool(settings)
  const borrowed = pool?.borrow(database, options)
  try {
    const session = (await borrowed?.session) ?? null
    if (session) {
      const answer = await tryKept(session, settings, database, options, use, signal)
      if (answer) return answer.result
    }
    const opened = await openSession(settings, database, options, signal)
    return await lend(opened, settings, database, options, use, signal)
  } finally {
    borrowed?.end()
  }
}

/** A kept session may have been ended by its server meanwhile: then nothing was asked yet, and a new one is opened. */
async function tryKept<Result>(
  session: Session,
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  use: (client: DatabaseClient) => Promise<Result>,
  signal: AbortSignal,
): Promise<{ readonly result: Result } | null> {
  let isInUse = false
  const useIt = (client: DatabaseClient): Promise<Result> => {
    isInUse = true
    return use(client)
  }
  try {
    return { result: await lend(session, settings, database, options, useIt, signal) }
  } catch (error) {
    if (isInUse || signal.aborted) throw error
    return null
  }
}

async function lend<Result>(
  session: Session,
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  use: (client: DatabaseClient) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const client = bindSession(session, settings, database, options, signal)
  const idle = findSessionPool(settings)
  let isGood = false
  try {
    await checkSession(client, settings, database, options)
    const room = settings.kept?.room
    const result = await (room ? room.hold(() => use(client)) : use(client))
    isGood = idle !== null && (await cleanUp(client))
    return result
  } finally {
    await client.release()
    await (idle && isGood ? idle.put(database, session) : endSession(session))
  }
}

/** What was left open must neither hold locks while the session waits nor be seen by its next user; false when that failed. */
async function cleanUp(client: DatabaseClient): Promise<boolean> {
  try {
    await client.query('rollback; reset all; reset role')
    return true
  } catch {
    return false
  }
}
