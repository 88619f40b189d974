import pg from 'pg'
import type { SandboxOptions } from '../../electron/adapters/embedded-postgres/sandbox-options.ts'
import {
  type SandboxCluster,
  type SandboxServer,
  startCluster,
} from '../../electron/adapters/embedded-postgres/start-cluster.ts'
import { waitUntil } from './wait-until.ts'

/** A sandbox with a way to talk to it. */
export interface TestSandbox extends SandboxCluster {
  /** A connected client; closed with the sandbox when the test did not close it. Default: `postgres` on the primary. */
  connect(database?: string, server?: SandboxServer, user?: string, password?: string): Promise<pg.Client>
  /** Runs one text of SQL on a connection of its own and gives the rows. */
  query(sql: string, database?: string, server?: SandboxServer): Promise<readonly Record<string, unknown>[]>
  /** Waits until every standby streams and has replayed what the primary has written so far. */
  waitForStandbys(): Promise<void>
}

/** Lends a real cluster to a test, without passwords and fsync, and removes every trace of it. Two standbys unless asked otherwise. */
export async function withSandbox<T>(
  options: SandboxOptions,
  work: (sandbox: TestSandbox) => Promise<T>,
): Promise<T> {
  const { sandbox, close } = await openSandbox(options)
  try {
    return await work(sandbox)
  } finally {
    await close()
  }
}

/** The same for `beforeAll` and `afterAll`: a test that opens a sandbox this way must call `close`. */
export async function openSandbox(
  options: SandboxOptions = {},
): Promise<{ readonly sandbox: TestSandbox; readonly close: () => Promise<void> }> {
  const cluster = await startCluster({ auth: 'trust', fsync: false, ...options })
  const clients = new Set<pg.Client>()
  const connect: TestSandbox['connect'] = async (database, server = cluster.primary, user, password) => {
    const client = new pg.Client({
      host: server.host,
      port: server.port,
      database: database ?? 'postgres',
      user: user ?? cluster.superuser.user,
      ...(user === undefined && cluster.superuser.password !== null
        ? { password: cluster.superuser.password }
        : {}),
      ...(password === undefined ? {} : { password }),
    })
    // A client whose server is killed on purpose reports that here; without a listener the process would end.
    client.on('error', () => undefined)
    await client.connect()
    clients.add(client)
    client.once('end', () => clients.delete(client))
    return client
  }
  const query: TestSandbox['query'] = async (sql, database, server) => {
    const client = await connect(database, server)
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows
    } finally {
      await client.end()
    }
  }
  const close = async () => {
    await Promise.allSettled([...clients].map(client => client.end()))
    await cluster.stop()
  }
  const waitForStandbys: TestSandbox['waitForStandbys'] = async () => {
    const [written] = await query('select pg_current_wal_flush_lsn()::text as lsn')
    await Promise.all(
      cluster.standbys.map(standby =>
        waitUntil(async () => {
          const [row] = await query(
            `select pg_last_wal_replay_lsn() >= '${written?.lsn}'::pg_lsn
                and exists (select from pg_stat_wal_receiver where status = 'streaming') as ready`,
            'postgres',
            standby,
          )
          return row?.ready === true
        }, `${standby.name} to catch up`),
      ),
    )
  }
  try {
    await waitForStandbys()
  } catch (error) {
    await close()
    throw error
  }
  return { sandbox: { ...cluster, connect, query, waitForStandbys }, close }
}
