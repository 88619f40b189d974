import { Socket } from 'node:net'
import { Client } from 'pg'
import { LockstepError } from '../../../../shared/failure/failure.ts'
import { describeAbort } from '../../../lib/throw-if-aborted.ts'
import { debug, describeError, hideFromDebug, sinceThen } from '../../../output/debug-log.ts'
import type { ClientOptions } from './database-client.ts'
import { findPassword } from './find-password.ts'
import { type ErrorPlace, mapConnectError } from './map-error.ts'
import type { DialStream, ServerSettings, Session } from './server-settings.ts'

const defaultConnectTimeoutMs = 5000
const endDeadlineMs = 2000

/** Connects; the signal ends the attempt. */
export async function connectSession(
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  signal: AbortSignal,
): Promise<Session> {
  const socket = settings.dial?.() ?? new Socket()
  const client = createClient(settings, database, options, socket)
  let alive = true
  // An idle session that dies emits an error that is not awaited: without a listener it would end the process.
  const die = () => {
    alive = false
  }
  client.on('error', die)
  client.on('end', die)
  const startedAt = performance.now()
  const place = `${settings.name}/${database} at ${settings.host}:${settings.port} as ${settings.user}`
  try {
    await connect(client, socket, { settings, database, during: 'connecting' }, signal)
  } catch (error) {
    debug('postgres', () => `no session on ${place}: ${describeError(error)}`)
    throw error
  }
  debug(
    'postgres',
    () =>
      `${nameSession(client)} on ${place}, for ${options.applicationName ?? 'nothing named'}, ${sinceThen(startedAt)}`,
  )
  return { client, socket, isAlive: () => alive }
}

/** A session as the debug log names it: by its backend's process. */
export function nameSession(client: Client): string {
  return `session ${readKey(client, 'processID')}`
}

/** Ends a session in good order, or drops it when the server does not answer. */
export async function endSession({ client, socket }: Session): Promise<void> {
  debug('postgres', () => `${nameSession(client)} ends`)
  const timer = setTimeout(() => socket.destroy(), endDeadlineMs)
  try {
    await client.end()
  } catch {
    socket.destroy()
  } finally {
    clearTimeout(timer)
  }
}

/** The two numbers of BackendKeyData, which the type definitions leave out. */
export function readKey(client: Client, name: 'processID' | 'secretKey'): number {
  const value: unknown = Reflect.get(client, name)
  return typeof value === 'number' ? value : 0
}

function createClient(
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  socket: DialStream,
) {
  return new Client({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    async password() {
      const password = await findPassword(settings, database)
      hideFromDebug(password)
      return password
    },
    database,
    application_name: options.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs ?? options.connectTimeoutMs ?? defaultConnectTimeoutMs,
    keepAlive: true,
    ssl: settings.tls === 'disable' ? false : { rejectUnauthorized: settings.tls === 'verify-full' },
    stream: () => socket,
  })
}

async function connect(client: Client, socket: DialStream, place: ErrorPlace, signal: AbortSignal) {
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
