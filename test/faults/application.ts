import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

/** An application at work: it writes to and reads from every tenant all the time, as a role of its own. */
export interface Application {
  /** What it was told so far, and how long it had to wait. */
  saw(): Traffic
  /** Ends it; may be called twice. */
  stop(): Promise<void>
}

/** What an application saw. */
export interface Traffic {
  /** Rows whose commit was acknowledged, by tenant. */
  readonly acknowledged: Readonly<Record<string, readonly number[]>>
  /** The longest time that one read of a tenant took, in milliseconds. */
  readonly longestReadMs: number
}

/** The first id that the application uses: what lies below was there before. */
export const firstOwnId = 1_000

const pauseMs = 60

/** How long a connection is tried before the next attempt; a server that is gone refuses at once. */
const connectMs = 2_000

export interface ApplicationOptions {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly tenants: readonly string[]
  /** False: it only reads. */
  readonly writes: boolean
}

/** Starts a writer and a reader for each tenant; both connect again whenever they lose their server. */
export function startApplication(options: ApplicationOptions): Application {
  const stopping = new AbortController()
  const acknowledged = Object.fromEntries(options.tenants.map(tenant => [tenant, [] as number[]]))
  let longestReadMs = 0
  let nextId = firstOwnId
  const clients = new Set<pg.Client>()
  const work = options.tenants.flatMap(tenant => [
    repeat(options, tenant, clients, stopping.signal, async client => {
      if (!options.writes) return
      nextId += 1
      const id = nextId
      await client.query('insert into items (id, note) values ($1, $2)', [id, `order ${id}`])
      acknowledged[tenant]?.push(id)
    }),
    repeat(options, tenant, clients, stopping.signal, async client => {
      const startedAt = performance.now()
      try {
        await client.query('select count(*) from items')
      } finally {
        longestReadMs = Math.max(longestReadMs, performance.now() - startedAt)
      }
    }),
  ])
  return {
    saw: () => ({ acknowledged, longestReadMs: Math.round(longestReadMs) }),
    async stop() {
      stopping.abort()
      // A session that still waits for a lock is not waited for.
      const idleDeadline = setTimeout(() => {
        for (const client of clients) void client.end().catch(() => undefined)
      }, 500)
      await Promise.all(work)
      clearTimeout(idleDeadline)
    },
  }
}

async function repeat(
  { host, port, user }: ApplicationOptions,
  database: string,
  clients: Set<pg.Client>,
  signal: AbortSignal,
  act: (client: pg.Client) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const client = new pg.Client({
      ...{ host, port, user, database },
      application_name: 'shop',
      connectionTimeoutMillis: connectMs,
    })
    // A server that is killed on purpose is reported here, too.
    client.on('error', () => undefined)
    try {
      await client.connect()
      clients.add(client)
      while (!signal.aborted) {
        await act(client)
        await pause(signal)
      }
    } catch {
      await pause(signal)
    } finally {
      clients.delete(client)
      await client.end().catch(() => undefined)
    }
  }
}

const pause = (signal: AbortSignal): Promise<void> =>
  delay(pauseMs, undefined, { signal }).then(
    () => undefined,
    () => undefined,
  )
