import { setTimeout as delay } from 'node:timers/promises'
import { LockstepError } from '../../../shared/failure.ts'
import type { DatabaseSwap, OtherSession } from '../../engine/ports/restores.ts'
import { endKeptSessions } from './kept-sessions.ts'
import { selectSessionsOf, terminateSessionsOf } from './queries/snapshot-queries.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import type { ServerSettings } from './server-settings.ts'
import { onServer } from './snapshot-database.ts'

const pollMs = 50
const ownPatienceMs = 3_000
const endPatienceMs = 15_000

/** Refuses new sessions to a database, waits for our own to be gone, and gives those that stay. */
export async function closeDatabase(
  settings: ServerSettings,
  database: string,
  signal: AbortSignal,
): Promise<readonly OtherSession[]> {
  await endKeptSessions(settings, database)
  return onServer(
    settings,
    async client => {
      await client.query(`alter database ${quoteIdentifier(database)} with allow_connections false`)
      const until = Date.now() + ownPatienceMs
      for (;;) {
        const sessions = await selectSessionsOf(client, database)
        const isOnlyOurs = sessions.every(({ application }) => application.startsWith('lockstep'))
        if (sessions.length === 0 || !isOnlyOurs || Date.now() > until) return sessions
        await delay(pollMs)
      }
    },
    signal,
  )
}

/** Takes sessions again; the database of that name may be another one by now. */
export async function openDatabase(
  settings: ServerSettings,
  database: string,
  signal: AbortSignal,
): Promise<void> {
  await onServer(
    settings,
    client => client.query(`alter database ${quoteIdentifier(database)} with allow_connections true`),
    signal,
  )
}

/** Ends the sessions of a closed database. */
export async function endSessions(
  settings: ServerSettings,
  database: string,
  signal: AbortSignal,
): Promise<void> {
  await onServer(
    settings,
    async client => {
      const until = Date.now() + endPatienceMs
      for (;;) {
        await terminateSessionsOf(client, database)
        const left = await selectSessionsOf(client, database)
        if (left.length === 0) return
        if (Date.now() > until) {
          const waitingFor = `the sessions of ${database} to end (${left.map(one => one.pid).join(', ')})`
          throw new LockstepError({ kind: 'deadline_passed', waitingFor, seconds: endPatienceMs / 1_000 })
        }
        await delay(pollMs)
      }
    },
    signal,
  )
}

/** Renames all of them in one transaction; a database in use makes the server wait, and then refuse the whole. */
export async function swapDatabases(
  settings: ServerSettings,
  swaps: readonly DatabaseSwap[],
  signal: AbortSignal,
): Promise<void> {
  for (const { database, prepared } of swaps) {
    await endKeptSessions(settings, database)
    await endKeptSessions(settings, prepared)
  }
  await onServer(
    settings,
    async client => {
      await client.query('begin')
      try {
        for (const { database, prepared, kept } of swaps) {
          const name = quoteIdentifier(database)
          await client.query(`alter database ${name} rename to ${quoteIdentifier(kept)}`)
          await client.query(`alter database ${quoteIdentifier(prepared)} rename to ${name}`)
          await client.query(`alter database ${name} with allow_connections true`)
        }
        const { command } = await client.query('commit')
        if (command !== 'COMMIT')
          throw new LockstepError({ kind: 'internal', message: `the swap was answered with ${command}` })
      } catch (error) {
        await client.query('rollback').catch(() => undefined)
        throw error
      }
    },
    signal,
  )
}
