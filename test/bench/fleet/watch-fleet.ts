import pg from 'pg'
import { touchedTable } from './fleet-migrations.ts'
import type { Fleet } from './with-fleet.ts'

/** What others noticed while the fleet was migrated. */
export interface Watched {
  /** The longest that a reader of a touched table waited for its rows. */
  readonly readerWaitMs: number
  /** Most sessions of the owner at one moment, on any of the servers. */
  readonly connections: number
}

const readers = 4
const pauseMs = 10

/** Reads touched tables of some tenants and counts sessions until the work is over. */
export async function watchFleet<T>(
  fleet: Fleet,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly watched: Watched }> {
  const over = new AbortController()
  let readerWaitMs = 0
  let connections = 0
  const step = Math.max(1, Math.floor(fleet.tenants.length / readers))
  const seen = fleet.tenants.filter((_, index) => index % step === 0).slice(0, readers)
  const reading = seen.map(tenant =>
    repeat(fleet, fleet.sandbox.primary, tenant, over.signal, async client => {
      const startedAt = performance.now()
      await client.query(`select count(*) from ${touchedTable}`)
      readerWaitMs = Math.max(readerWaitMs, performance.now() - startedAt)
    }),
  )
  const counting = [fleet.sandbox.primary, ...fleet.sandbox.standbys].map(server =>
    repeat(fleet, server, 'postgres', over.signal, async client => {
      const { rows } = await client.query<{ count: number }>(
        'select count(*)::int as count from pg_stat_activity where usename = $1',
        [fleet.owner.user],
      )
      connections = Math.max(connections, rows[0]?.count ?? 0)
    }),
  )
  const watching = Promise.all([...reading, ...counting])
  // A watcher that fails would be noticed only at the end otherwise.
  watching.catch(() => undefined)
  try {
    const result = await work()
    over.abort()
    await watching
    return { result, watched: { readerWaitMs, connections } }
  } finally {
    over.abort()
  }
}

/** As a superuser, whose sessions are not counted. */
async function repeat(
  { sandbox }: Fleet,
  { host, port }: { readonly host: string; readonly port: number },
  database: string,
  signal: AbortSignal,
  ask: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const { user, password } = sandbox.superuser
  const client = new pg.Client({ host, port, database, user, ...(password === null ? {} : { password }) })
  // One that is ended with its server says so here; without a listener the process would end.
  client.on('error', () => undefined)
  await client.connect()
  try {
    while (!signal.aborted) {
      await ask(client)
      await new Promise(resolve => setTimeout(resolve, pauseMs))
    }
  } finally {
    await client.end()
  }
}
