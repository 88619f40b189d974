import { setTimeout as delay } from 'node:timers/promises'
import { LockstepError, toFailure } from '../../../../shared/failure/failure.ts'
import type { ClosedDatabase, DatabaseSwap, OtherSession } from '../../../engine/ports/restores.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import { openClient } from '../session/open-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { endPooledSessions } from '../session/session-pool.ts'
import { onServer } from './snapshot-database.ts'
import { selectSessionsOf, selectTableWrites, terminateSessionsOf } from './snapshot-queries.ts'

const pollMs = 50
const ownSessionsTimeoutMs = 3_000
const endSessionsTimeoutMs = 15_000
const collectorMs = 1_200

/** Refuses new sessions to a database, and waits for our own to be gone. One that stays open can still look inside. */
export async function closeDatabase(
  settings: ServerSettings,
  database: string,
  signal: AbortSignal,
): Promise<ClosedDatabase> {
  await endPooledSessions(settings, database)
  const options = { applicationName: 'lockstep restore', isUncounted: true }
  const inside = await openClient(settings, database, options, signal)
  try {
    const alone = { settings, database, ownPid: inside.backendPid }
    await onServer(
      settings,
      client => client.query(`alter database ${quoteIdentifier(database)} with allow_connections false`),
      signal,
    )
    const sessions = await waitForOurOwn(alone, signal)
    return {
      sessions,
      disconnect: asking => endSessions(alone, asking),
      async readWrites() {
        const before = await selectTableWrites(inside)
        // Up to version 14 a process of its own collects what ended sessions have written, twice a second.
        const { rows } = await inside.query<{ old: boolean }>(
          `select current_setting('server_version_num')::int < 150000 as old`,
        )
        if (!rows[0]?.old) return before
        await delay(collectorMs)
        return selectTableWrites(inside)
      },
      release: () => inside.close(),
    }
  } catch (error) {
    await inside.close()
    throw error
  }
}

interface Alone {
  readonly settings: ServerSettings
  readonly database: string
  readonly ownPid: number
}

async function waitForOurOwn(
  { settings, database, ownPid }: Alone,
  signal: AbortSignal,
): Promise<readonly OtherSession[]> {
  return onServer(
    settings,
    async client => {
      const until = Date.now() + ownSessionsTimeoutMs
      for (;;) {
        const sessions = await selectSessionsOf(client, database, ownPid)
        const isOnlyOurs = sessions.every(({ application }) => application.startsWith('lockstep'))
        if (sessions.length === 0 || !isOnlyOurs || Date.now() > until) return sessions
        await delay(pollMs)
      }
    },
    signal,
  )
}

async function endSessions({ settings, database, ownPid }: Alone, signal: AbortSignal): Promise<void> {
  await onServer(
    settings,
    async client => {
      const until = Date.now() + endSessionsTimeoutMs
      for (;;) {
        await terminateSessionsOf(client, database, ownPid).catch(error => {
          throw explainRefusal(error, database, settings.user)
        })
        const left = await selectSessionsOf(client, database, ownPid)
        if (left.length === 0) return
        if (Date.now() > until) {
          const waitingFor = `the sessions of ${database} to end (${left.map(one => one.pid).join(', ')})`
          throw new LockstepError({
            kind: 'deadline_passed',
            waitingFor,
            seconds: endSessionsTimeoutMs / 1_000,
          })
        }
        await delay(pollMs)
      }
    },
    signal,
  )
}

/** Who may not end others' sessions is told what it takes. */
function explainRefusal(error: unknown, database: string, user: string): unknown {
  const failure = toFailure(error)
  if (failure.kind !== 'database_error' || failure.sqlstate !== '42501') return error
  return new LockstepError({
    kind: 'usage',
    problem: `${user} may not end every session in ${database}: ${failure.message}`,
    fix: `grant pg_signal_backend to ${quoteIdentifier(user)}, which ends all but those of superusers; or have them closed.`,
  })
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

/** Renames all of them in one transaction; a database in use makes the server wait, and then refuse the whole. */
export async function swapDatabases(
  settings: ServerSettings,
  swaps: readonly DatabaseSwap[],
  signal: AbortSignal,
): Promise<void> {
  for (const { database, prepared } of swaps) {
    await endPooledSessions(settings, database)
    await endPooledSessions(settings, prepared)
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
