import { setTimeout as delay } from 'node:timers/promises'
import { type Failure, LockstepError } from '../../../../shared/failure/failure.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { PreparedTransactionSession } from '../../../engine/ports/servers.ts'
import { throwIfAborted } from '../../../lib/throw-if-aborted.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { OpenedClient } from '../session/database-client.ts'
import { sqlStateOf } from '../session/map-error.ts'
import { openClient } from '../session/open-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { finishPrepared, selectOwner } from './prepared-queries.ts'

const answerMs = 30_000

/**
 * Gives what will finish a tenant's prepared transaction, in a session of its own that is opened when it is needed.
 *
 * A prepared transaction needs none: with one for each, a vote of hundreds of tenants would fill the server. Finishing is
 * idempotent, so a lost connection is opened again and the command repeated, for a bounded time.
 */
export async function openPreparedTransactionSession(
  settings: ServerSettings,
  tenant: Tenant,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<PreparedTransactionSession> {
  throwIfAborted(signal)
  // A decision that was made is carried out: the signal must not end the session that does it.
  const never = new AbortController().signal
  const options = { applicationName: 'lockstep finish', isUrgent: true }
  const place = { server: settings.name, database: tenant.database }
  const tryOnce = async (how: 'commit' | 'rollback', gid: string) => {
    const client = await openClient(settings, tenant.database, options, never)
    try {
      return await finishOnce(client, how, gid, place)
    } finally {
      await client.close()
    }
  }
  const finish = async (how: 'commit' | 'rollback', gid: string) => {
    const deadline = Date.now() + timeoutMs
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await tryOnce(how, gid)
      } catch (error) {
        const pauseMs = Math.min(50 * 2 ** attempt, 500)
        if (!isWorthRepeating(error) || Date.now() + pauseMs > deadline) throw error
        await delay(pauseMs)
      }
    }
  }
  return {
    commit: gid => finish('commit', gid),
    rollback: gid => finish('rollback', gid),
    close: async () => undefined,
  }
}

/** Where a prepared transaction is, for the failure that names it. */
interface VotePlace {
  readonly server: string
  readonly database: string
}

/**
 * Finishes it once. A rollback waits for no synchronous standby, which may stand still and keep everything locked: if it is
 * lost in a failover, the vote is still there, and recovery rolls it back again.
 */
async function finishOnce(
  client: OpenedClient,
  how: 'commit' | 'rollback',
  gid: string,
  place: VotePlace,
): Promise<'done' | 'missing'> {
  // A peer that fell silent would be waited for as long as TCP likes: closing makes it a lost connection.
  const timer = setTimeout(() => client.close().catch(() => undefined), answerMs)
  try {
    if (how === 'rollback') await client.query('set synchronous_commit = local')
    const command = await finishPrepared(client, how, gid).catch((error: unknown) => {
      if (sqlStateOf(error) !== '42501') throw error
      return finishAsOwner(client, how, gid, place)
    })
    if (command === how.toUpperCase()) return 'done'
  } catch (error) {
    if (sqlStateOf(error) === '42704') return 'missing'
    throw error
  } finally {
    clearTimeout(timer)
  }
  throw new LockstepError({ kind: 'internal', message: `${how} prepared was answered with another command` })
}

/** A login whose default is another role, or an older version's session that had taken one, has prepared it. */
async function finishAsOwner(
  client: OpenedClient,
  how: 'commit' | 'rollback',
  gid: string,
  place: VotePlace,
): Promise<string> {
  const found = await selectOwner(client, gid)
  if (found !== null)
    await takeRole(client, found.owner, { kind: 'vote_of_another_role', ...place, ...found, gid, how })
  try {
    return await finishPrepared(client, how, gid)
  } finally {
    if (client.isAlive()) await client.query('reset role')
  }
}

async function takeRole(client: OpenedClient, role: string, refusal: Failure): Promise<void> {
  try {
    await client.query(`set role ${quoteIdentifier(role)}`)
  } catch (error) {
    // 42501: no member. 22023: there is no such role any more.
    const state = sqlStateOf(error)
    throw state === '42501' || state === '22023' ? new LockstepError(refusal, { cause: error }) : error
  }
}

/** 55000: a session that we lost is still finishing it. 53300: no connection slot is free yet. */
function isWorthRepeating(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state === '55000' || state === '53300') return true
  if (!(error instanceof LockstepError)) return false
  return error.failure.kind === 'connection_lost' || error.failure.kind === 'server_unreachable'
}
