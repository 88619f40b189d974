import { LockstepError } from '../../../../shared/failure/failure.ts'
import { describeAbort, throwIfAborted } from '../../../lib/throw-if-aborted.ts'
import { debug, describeError, sinceThen } from '../../../output/debug-log.ts'
import { nameSession, readKey } from './connect-session.ts'
import {
  answerLimitOf,
  type ClientOptions,
  type DatabaseClient,
  firstAnswerMs,
  type PipelinedClient,
  type QueryAnswer,
} from './database-client.ts'
import { mapQueryError } from './map-error.ts'
import { sendPipeline } from './pipeline.ts'
import { sendCancelRequest } from './send-cancel-request.ts'
import type { ServerSettings, Session } from './server-settings.ts'

const cancelDeadlineMs = 5000

/** A session that is in use. */
export interface BoundClient extends DatabaseClient {
  /** See `PipelinedClient`. */
  send: PipelinedClient['send']
  /** Gives the session back; resolves when no cancel request is under way any more. */
  release(): Promise<void>
}

/** Lends a session: when the signal comes, the running statement is cancelled and further ones are refused. */
export function bindSession(
  session: Session,
  settings: ServerSettings,
  database: string,
  options: ClientOptions,
  signal: AbortSignal,
): BoundClient {
  const { client } = session
  let tail: Promise<unknown> = Promise.resolve()
  let cancelling: Promise<void> = Promise.resolve()
  let running = false
  let limitMs: number | null = firstAnswerMs
  const runOne = async <T>(during: string, ask: () => Promise<T>): Promise<T> => {
    throwIfAborted(signal)
    running = true
    try {
      return await withLimit(session, limitMs, ask)
    } catch (error) {
      if (signal.aborted) throw new LockstepError(describeAbort(signal), { cause: error })
      throw mapQueryError(error, { settings, database, during })
    } finally {
      running = false
      limitMs = answerLimitOf(options)
    }
  }
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const answer = tail.then(run)
    tail = answer.catch(() => undefined)
    return answer
  }
  const stop = () => {
    if (running) cancelling = stopStatement(session, settings, tail)
  }
  signal.addEventListener('abort', stop)
  return {
    backendPid: readKey(client, 'processID'),
    isAlive: () => session.isAlive(),
    query: <Row extends object>(sql: string, values?: readonly unknown[]) =>
      inTurn(() => runOne(firstWords(sql), () => runQuery<Row>(session, sql, values))),
    send: (statements, onDone) =>
      inTurn(() => runOne('a migration', () => sendPipeline(client, statements, onDone))),
    async release() {
      signal.removeEventListener('abort', stop)
      await cancelling
    },
  }
}

/** Drops the connection when an answer takes too long: the question is then rejected as of one that is lost. */
async function withLimit<T>({ socket }: Session, limitMs: number | null, ask: () => Promise<T>): Promise<T> {
  if (limitMs === null) return ask()
  const late = Object.assign(new Error(`no answer within ${limitMs} ms`), { code: 'ETIMEDOUT' })
  const timer = setTimeout(() => socket.destroy(late), limitMs)
  try {
    return await ask()
  } finally {
    clearTimeout(timer)
  }
}

async function runQuery<Row extends object>(
  { client }: Session,
  sql: string,
  values: readonly unknown[] | undefined,
): Promise<QueryAnswer<Row>> {
  const startedAt = performance.now()
  const tell = (how: string): void =>
    debug('postgres', () => `${nameSession(client)}: ${how}, ${sinceThen(startedAt)}: ${sql}`)
  const sent = values === undefined ? client.query(sql) : client.query(sql, [...values])
  const answer: unknown = await sent.catch((error: unknown) => {
    tell(describeError(error))
    throw error
  })
  const last = (Array.isArray(answer) ? answer[answer.length - 1] : answer) as {
    readonly rows: readonly Row[]
    readonly fields: readonly { readonly name: string }[]
    readonly command: string | null
    readonly rowCount: number | null
  }
  tell(`${last.rowCount ?? 'no'} rows`)
  const columns = last.fields.map(field => field.name)
  return { rows: last.rows, columns, command: last.command ?? '', rowCount: last.rowCount }
}

/** Drops the connection when the server cannot be asked to stop, or does not. */
async function stopStatement(
  { client, socket }: Session,
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

/** Enough of a statement to say what was going on, and never a value of it. */
function firstWords(sql: string): string {
  const words = sql.trim().split(/\s+/).slice(0, 2)
  return words.filter(word => /^[a-z_]+$/i.test(word)).join(' ')
}
