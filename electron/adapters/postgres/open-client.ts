import { setMaxListeners } from 'node:events'
import { Socket } from 'node:net'
import { Client } from 'pg'
import { LockstepError } from '../../../shared/failure.ts'
import type { ClientOptions, DatabaseClient, OpenedClient, QueryAnswer } from './database-client.ts'
import { findPassword } from './find-password.ts'
import { type ErrorPlace, mapConnectError, mapQueryError } from './map-error.ts'
import { prepareSession } from './queries/session-queries.ts'
import { sendCancelRequest } from './send-cancel-request.ts'
import type { ServerSettings } from './server-settings.ts'
import { describeAbort, throwIfAborted } from './throw-if-aborted.ts'

const defaultConnectTimeoutMs = 5000
const cancelDeadlineMs = 5000
const closeDeadlineMs = 2000

/**
 * Opens a session straight to a server and refuses a connection pooler in between.
 *
 * When the signal comes, the running statement is cancelled from another connection and further ones are refused.
 */
export async function openClient(
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  signal: AbortSignal,
): Promise<OpenedClient> {
  throwIfAborted(signal)
  // One signal ends a whole run: Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal)
  const socket = new Socket()
  const client = createClient(settings, database, options, socket)
  const life = watchLife(client)
  await connect(client, socket, { settings, database, during: 'connecting' }, signal)

  let tail: Promise<unknown> = Promise.resolve()
  let cancelling: Promise<void> = Promise.resolve()
  let running = false
  const runOne = async <Row extends object>(sql: string, values: readonly unknown[] | undefined) => {
    throwIfAborted(signal)
    running = true
    try {
      return await runQuery<Row>(client, sql, values)
    } catch (error) {
      if (signal.aborted) throw new LockstepError(describeAbort(signal), { cause: error })
      throw mapQueryError(error, { settings, database, during: firstWords(sql) })
    } finally {
      running = false
    }
  }
  const stop = () => {
    if (running) cancelling = stopStatement(client, socket, settings, tail)
  }
  const opened: OpenedClient = {
    backendPid: readKey(client, 'processID'),
    isAlive: () => life.alive,
    query<Row extends object>(sql: string, values?: readonly unknown[]) {
      const answer = tail.then(() => runOne<Row>(sql, values))
      tail = answer.catch(() => undefined)
      return answer
    },
    async close() {
      signal.removeEventListener('abort', stop)
      await cancelling
      await endClient(client, socket)
    },
  }
  signal.addEventListener('abort', stop)
  try {
    await checkSession(opened, settings, database, options)
  } catch (error) {
    await opened.close()
    throw error
  }
  return opened
}

function createClient(settings: ServerSettings, database: string, options: ClientOptions, socket: Socket) {
  return new Client({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    password: () => findPassword(settings, database),
    database,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
    keepAlive: true,
    ssl: settings.tls === 'disable' ? false : { rejectUnauthorized: settings.tls === 'verify-full' },
    stream: () => socket,
  })
}

/** An idle session that dies emits an error that nobody awaits: without a listener it would end the process. */
function watchLife(client: Client): { readonly alive: boolean } {
  const life = { alive: true }
  const die = () => {
    life.alive = false
  }
  client.on('error', die)
  client.on('end', die)
  return life
}

async function connect(client: Client, socket: Socket, place: ErrorPlace, signal: AbortSignal) {
  const stop = () => socket.destroy(new Error('cancelled'))
  signal.addEventListener('abort', stop)
  try {
    await client.connect()
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw new LockstepError(describeAbort(signal), { cause: error })
    throw mapConnectError(error, place)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function checkSession(
  client: DatabaseClient,
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
): Promise<void> {
  const session = await prepareSession(client, {
    statement_timeout: String(options.statementTimeoutMs ?? 0),
    lock_timeout: String(options.lockTimeoutMs ?? 0),
    idle_in_transaction_session_timeout: '0',
    idle_session_timeout: '0',
    ...options.settings,
  })
  // A pooler answers with a key of its own; a direct connection's is the backend's pid.
  if (session.pid !== client.backendPid) {
    throw new LockstepError({ kind: 'pooler_refused', server: settings.name })
  }
  // The server cuts names to 63 bytes without a word, and would let us into another database.
  if (session.database !== database) {
    throw new LockstepError({ kind: 'database_missing', server: settings.name, database })
  }
}

async function runQuery<Row extends object>(
  client: Client,
  sql: string,
  values: readonly unknown[] | undefined,
): Promise<QueryAnswer<Row>> {
  const answer: unknown = await (values === undefined ? client.query(sql) : client.query(sql, [...values]))
  const last = (Array.isArray(answer) ? answer[answer.length - 1] : answer) as {
    readonly rows: readonly Row[]
    readonly fields: readonly { readonly name: string }[]
    readonly command: string | null
    readonly rowCount: number | null
  }
  const columns = last.fields.map(field => field.name)
  return { rows: last.rows, columns, command: last.command ?? '', rowCount: last.rowCount }
}

/** Drops the connection when the server cannot be asked to stop, or does not. */
async function stopStatement(
  client: Client,
  socket: Socket,
  settings: ServerSettings,
  settled: Promise<unknown>,
): Promise<void> {
  const key = { processId: readKey(client, 'processID'), secret: readKey(client, 'secretKey') }
  const timer = setTimeout(() => socket.destroy(), cancelDeadlineMs)
  try {
    await sendCancelRequest(settings, key, cancelDeadlineMs)
  } catch {
    socket.destroy()
  }
  await settled
  clearTimeout(timer)
}

async function endClient(client: Client, socket: Socket): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), closeDeadlineMs)
  try {
    await client.end()
  } catch {
    socket.destroy()
  } finally {
    clearTimeout(timer)
  }
}

/** The two numbers of BackendKeyData, which the type definitions leave out. */
function readKey(client: Client, name: 'processID' | 'secretKey'): number {
  const value: unknown = Reflect.get(client, name)
  return typeof value === 'number' ? value : 0
}

/** Enough of a statement to say what was going on, and never a value of it. */
function firstWords(sql: string): string {
  const words = sql.trim().split(/\s+/).slice(0, 2)
  return words.filter(word => /^[a-z_]+$/i.test(word)).join(' ')
}
