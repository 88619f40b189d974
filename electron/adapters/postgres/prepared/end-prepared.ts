import { deadlineSignal } from '../../../lib/with-deadline.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { sqlStateOf } from '../session/map-error.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { finishPrepared, selectPreparedTransactions } from './prepared-queries.ts'

const deadlineMs = 15_000

/** Rolls back what a broken-off rehearsal has prepared in a copy, which could not be dropped with it. */
export async function endPrepared(settings: ServerSettings, copy: string): Promise<void> {
  const asking = { applicationName: 'lockstep shadow', statementTimeoutMs: deadlineMs }
  const signal = deadlineSignal(deadlineMs)
  const all = await withClient(
    settings,
    settings.maintenanceDatabase,
    asking,
    selectPreparedTransactions,
    signal,
  )
  const inside = all.filter(({ database }) => database === copy)
  if (inside.length === 0) return
  await withClient(
    settings,
    copy,
    asking,
    async client => {
      for (const { gid, owner } of inside) await rollBack(client, gid, owner)
    },
    signal,
  )
}

/** A migration may have prepared as a role that it had changed to. */
async function rollBack(client: DatabaseClient, gid: string, owner: string): Promise<void> {
  try {
    await finishPrepared(client, 'rollback', gid)
  } catch (error) {
    if (sqlStateOf(error) !== '42501') throw error
    await client.query(`set role ${quoteIdentifier(owner)}`)
    await finishPrepared(client, 'rollback', gid)
  }
}
