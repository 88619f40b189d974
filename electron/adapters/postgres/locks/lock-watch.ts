import { setTimeout as delay } from 'node:timers/promises'
import { LockstepError } from '../../../../shared/failure/failure.ts'
import type { LockWatch, TraceRows } from '../../../engine/ports/lock-trace.ts'
import type { ClientOptions, DatabaseClient } from '../session/database-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import {
  selectLastQuery,
  selectNamedTables,
  selectWatched,
  type WatchedLock,
  type WatchedRows,
} from './watch-queries.ts'

const watching: ClientOptions = { applicationName: 'lockstep watch', settings: { search_path: '' } }
/** Between two looks at a statement that waits for none of our brakes. */
const pauseMs = 1
/** A statement that failed is not told to us; a session at rest for so long is not just between preparing and running. */
const restMs = 1000

/**
 * Watches a statement that runs outside a transaction, whose locks are gone when it ends.
 *
 * Two sessions take turns in putting on a brake: a lock on the statement's tables that it has to wait for. While it
 * waits, its locks are read, those that it asks for too; then the other session brakes and the first lets go. So each
 * of the transactions that such a statement is made of is seen, however fast it is. First the brake is a SHARE UPDATE
 * EXCLUSIVE lock, since all of these statements take that one or a stronger one, then ROW EXCLUSIVE, which
 * `create index concurrently` and its like let end before they go on. Weaker locks, and locks on indexes, are left
 * out. What can be missed is a SHARE UPDATE EXCLUSIVE lock on the second table of one `vacuum`.
 */
export async function withLockWatch<T>(
  settings: ServerSettings,
  database: string,
  use: (watch: LockWatch) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const lend = <R>(work: (client: DatabaseClient) => Promise<R>): Promise<R> =>
    withClient(settings, database, watching, work, signal)
  return lend(eye =>
    lend(left =>
      lend(async right => {
        const watch = new Watch(eye, left, right)
        try {
          return await use(watch)
        } finally {
          await watch.stop()
        }
      }),
    ),
  )
}

class Watch implements LockWatch {
  readonly #eye: DatabaseClient
  #brake: DatabaseClient
  #other: DatabaseClient
  #seen: WatchedLock[] = []
  #isOver = false
  #looking: Promise<void> | null = null

  constructor(eye: DatabaseClient, brake: DatabaseClient, other: DatabaseClient) {
    this.#eye = eye
    this.#brake = brake
    this.#other = other
  }

  async begin(statement: { readonly backendPid: number; readonly sql: string }): Promise<void> {
    await this.stop()
    this.#seen = []
    const tables = await selectNamedTables(this.#eye, statement.sql)
    await putOn(this.#brake, tables, 'share update exclusive')
    this.#isOver = false
    const lastQuery = await selectLastQuery(this.#eye, statement.backendPid)
    this.#looking = this.#look(statement.backendPid, tables, lastQuery)
    // What goes wrong is told by `end`, and must not end the process before.
    this.#looking.catch(() => undefined)
  }

  async end(): Promise<TraceRows> {
    this.#isOver = true
    await this.#looking
    await this.stop()
    return { locks: this.#seen.map(row => ({ ...row })) }
  }

  /** Lets go of everything; the statement may have failed, and `end` never been called. */
  async stop(): Promise<void> {
    this.#isOver = true
    await this.#looking?.catch(() => undefined)
    this.#looking = null
    for (const client of [this.#brake, this.#other]) if (client.isAlive()) await client.query('rollback')
  }

  async #look(backendPid: number, tables: readonly string[], lastQuery: string | null): Promise<void> {
    const see = () => this.#see(backendPid, lastQuery)
    let restsSince: number | null = null
    while (!this.#isOver) {
      const { isHeld, isTruncating, isAtRest } = await see()
      restsSince = isAtRest ? (restsSince ?? performance.now()) : null
      const isDone = restsSince !== null && performance.now() - restsSince > restMs
      // A vacuum that cuts off empty pages lets every other session go first: no one waits for its lock of an instant.
      if (isTruncating || isDone) {
        await this.#brake.query('rollback')
        return
      }
      if (!isHeld) {
        await delay(pauseMs)
        continue
      }
      // Once more: what it holds while it waits, and not while it came to that.
      await see()
      await putOn(this.#other, tables, 'row exclusive')
      await this.#brake.query('rollback')
      ;[this.#brake, this.#other] = [this.#other, this.#brake]
    }
  }

  /** Notes the locks of the moment. */
  async #see(backendPid: number, lastQuery: string | null): Promise<WatchedRows> {
    const seen = await selectWatched(this.#eye, backendPid, this.#brake.backendPid, lastQuery)
    const isNew = (row: WatchedLock) => !this.#seen.some(one => one.oid === row.oid && one.mode === row.mode)
    this.#seen.push(...seen.locks.filter(isNew))
    return seen
  }
}

type BrakeMode = 'share update exclusive' | 'row exclusive'

/** Locks what can be locked at once: a table that another session has locked, or that is gone by now, is left out. */
async function putOn(client: DatabaseClient, tables: readonly string[], mode: BrakeMode): Promise<void> {
  await client.query('begin isolation level read committed')
  for (const table of tables) {
    await client.query('savepoint one')
    try {
      await client.query(`lock table only ${table} in ${mode} mode nowait`)
    } catch (error) {
      if (!(error instanceof LockstepError) || error.failure.kind !== 'database_error') throw error
      await client.query('rollback to savepoint one')
    }
  }
}
