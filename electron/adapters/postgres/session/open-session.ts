import { findConnectionLimit } from '../../../../shared/failure/connection-limit.ts'
import { pauseUntil } from '../../../lib/throw-if-aborted.ts'
import { connectSession } from './connect-session.ts'
import type { ClientOptions } from './database-client.ts'
import { sqlStateOf } from './map-error.ts'
import type { ServerSettings, Session } from './server-settings.ts'
import { endPooledSessions } from './session-pool.ts'

/** How long it is waited for a session of ours to end where a limit leaves no room for one more. */
const timeoutMs = 5_000
const lookAgainMs = 50
/** How often it is tried again while only others fill the limit. */
const mostTriesAlone = 2

/** Sessions that are open, by the database that they are in. */
const open = new WeakMap<ServerSettings, Map<string, number>>()

/**
 * Connects. Where a connection limit (of the database, the role or the server) is reached, sessions that we merely keep
 * are ended, and those that we use are waited for: a low limit means fewer questions at a time, not a failure.
 */
export async function openSession(
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  signal: AbortSignal,
): Promise<Session> {
  const leave = await enterRoom(settings, options, signal)
  try {
    const session = await connectWhereRoom(settings, database, options, signal)
    session.client.once('end', leave)
    if (!session.isAlive()) leave()
    return session
  } catch (error) {
    leave()
    throw error
  }
}

/** Waits until one more connection to the server may be had, for whoever makes it; gives what gives it back. */
export async function enterRoom(
  settings: ServerSettings,
  { isUrgent = false }: Pick<ClientOptions, 'isUrgent'>,
  signal: AbortSignal,
): Promise<() => void> {
  return (await settings.kept?.room.enter({ isUrgent }, signal)) ?? (() => undefined)
}

async function connectWhereRoom(
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  signal: AbortSignal,
): Promise<Session> {
  const until = performance.now() + timeoutMs
  for (let alone = 0; ; ) {
    try {
      const session = await connectSession(settings, database, options, signal)
      count(settings, database, 1)
      session.client.once('end', () => count(settings, database, -1))
      return session
    } catch (error) {
      if (sqlStateOf(error) !== '53300' || performance.now() > until) throw error
      const isOfDatabase = error instanceof Error && findConnectionLimit(messageOf(error))?.of === 'database'
      const place = isOfDatabase ? database : null
      if (!isOfDatabase) settings.kept?.room.shrink()
      // One that is just being opened is seen a moment later.
      alone = countOpen(settings, place) > 0 ? 0 : alone + 1
      if (alone > mostTriesAlone) throw error
      await endPooledSessions(settings, place)
      await pauseUntil(lookAgainMs, signal)
    }
  }
}

/** Ends the sessions that are merely kept, so that a session which another program opens for us finds room. */
export async function makeRoom(settings: ServerSettings): Promise<void> {
  await endPooledSessions(settings, null)
}

function messageOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message
}

function count(settings: ServerSettings, database: string, change: 1 | -1): void {
  const byDatabase = open.get(settings) ?? new Map<string, number>()
  open.set(settings, byDatabase.set(database, (byDatabase.get(database) ?? 0) + change))
}

function countOpen(settings: ServerSettings, database: string | null): number {
  const byDatabase = open.get(settings) ?? new Map<string, number>()
  if (database !== null) return byDatabase.get(database) ?? 0
  return [...byDatabase.values()].reduce((total, next) => total + next, 0)
}
