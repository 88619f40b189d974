import { findConnectionLimit } from '../../../../shared/failure/connection-limit.ts'
import { pauseUntil } from '../../../lib/throw-if-aborted.ts'
import { connectSession } from './connect-session.ts'
import type { Entry } from './connection-room.ts'
import type { ClientOptions } from './database-client.ts'
import { sqlStateOf } from './map-error.ts'
import { selectRoom } from './room-queries.ts'
import type { ServerSettings, Session } from './server-settings.ts'
import { endPooledSessions, findSessionPool } from './session-pool.ts'

/** How often it is tried again where a limit leaves no room for one more, until a session of ours has ended. */
const mostTries = 100
const lookAgainMs = 50
/** How often while only others fill the limit. */
const mostTriesAlone = 2

type SessionOptions = ClientOptions & Pick<Entry, 'isHeld'>

/** Sessions that are open, by the database that they are in. */
const open = new WeakMap<ServerSettings, Map<string, number>>()

/**
 * Connects. Where a connection limit (of the database, the role or the server) is reached, sessions that we merely keep
 * are ended, and those that we use are waited for: a low limit means fewer questions at a time, not a failure.
 */
export async function openSession(
  settings: ServerSettings,
  database: string,
  options: SessionOptions,
  signal: AbortSignal,
): Promise<Session> {
  for (let tries = 1, alone = 0; ; tries += 1) {
    try {
      return await openInRoom(settings, database, options, signal)
    } catch (error) {
      if (sqlStateOf(error) !== '53300' || tries > mostTries) throw error
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

async function openInRoom(
  settings: ServerSettings,
  database: string,
  options: SessionOptions,
  signal: AbortSignal,
): Promise<Session> {
  const leave = options.isUncounted ? () => undefined : await enterRoom(settings, options, signal)
  try {
    const session = await connectSession(settings, database, options, signal)
    count(settings, database, 1)
    session.client.once('end', () => {
      count(settings, database, -1)
      leave()
    })
    if (!session.isAlive()) leave()
    await measureRoom(settings, session)
    return session
  } catch (error) {
    leave()
    throw error
  }
}

/** Waits until one more connection to the server may be had, for whoever makes it; gives what gives it back. */
export async function enterRoom(
  settings: ServerSettings,
  entry: Entry,
  signal: AbortSignal,
): Promise<() => void> {
  return (await settings.kept?.room.enter(entry, signal)) ?? (() => undefined)
}

/** Runs a program that makes one connection, as one of those that we may have. */
export async function withPlace<T>(
  settings: ServerSettings,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const leave = await enterRoom(settings, {}, signal)
  try {
    return await work()
  } finally {
    leave()
  }
}

/** With fewer than we may have, where the server has fewer to spare: those that are left are the application's. */
async function measureRoom(settings: ServerSettings, { client }: Session): Promise<void> {
  // Another login has limits of its own.
  const room = findSessionPool(settings)?.room
  if (!room?.wantsMeasure()) return
  try {
    room.grant(await selectRoom(client, room.spare))
  } catch {
    // A pooler, or a connection that is lost: whoever uses the session finds out, and says so.
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
