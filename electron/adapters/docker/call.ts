import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type Dockerode from 'dockerode'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { describeAbort } from '../../lib/throw-if-aborted.ts'
import { debug, describeError, sinceThen } from '../../output/debug-log.ts'

/** A daemon that can be asked. */
export interface DaemonLine {
  readonly engine: Dockerode
  /** As it may be shown. */
  readonly endpoint: string
  readonly deadlineMs: number
  /** Comes when the daemon is not to be asked any more. */
  readonly closing: AbortSignal
}

/** What is asked, and how a failure names it. */
export interface Question {
  /** Such as `list containers`. */
  readonly call: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | object>>
}

/** Why a daemon gave no answer: it may not be asked, nothing listens, it is silent, or it refused. */
export class CallError extends Error {
  readonly why: 'denied' | 'absent' | 'silent' | 'failed'
  /** HTTP status; null when the answer got lost. */
  readonly status: number | null
  constructor(why: CallError['why'], status: number | null, message: string, cause?: unknown) {
    super(message, { cause })
    this.why = why
    this.status = status
  }
}

/** Asks for JSON; fails as `CallError`, or as `cancelled`. */
export async function askJson(line: DaemonLine, question: Question, signal: AbortSignal): Promise<unknown> {
  return withDeadline(line, signal, async stop => {
    const text = await readAll(await request(line, question, stop))
    try {
      return JSON.parse(text)
    } catch (error) {
      throw new CallError('failed', null, 'what it answered is not JSON', error)
    }
  })
}

/** Asks for an answer that goes on; the deadline holds for its begin only. */
export async function askStream(
  line: DaemonLine,
  question: Question,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return withDeadline(line, signal, stop => request(line, question, stop))
}

/** What the caller of the adapter sees of a call that failed. */
export function toDockerFailure(line: DaemonLine, question: Question, error: unknown): LockstepError {
  if (error instanceof LockstepError) return error
  const { status, message } = toCallError(error)
  return new LockstepError(
    { kind: 'docker_failed', call: question.call, endpoint: line.endpoint, status, message },
    { cause: error },
  )
}

/** Ends the work at the deadline, when the caller's signal comes, or when the daemon is closed, also where the work does not listen. */
async function withDeadline<Result>(
  line: DaemonLine,
  signal: AbortSignal,
  work: (stop: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController()
  let end: (error: Error) => void = () => undefined
  const ended = new Promise<never>((_, reject) => {
    end = error => {
      reject(error)
      stop.abort()
    }
  })
  const onSignal = (): void => end(new LockstepError(describeAbort(signal)))
  const onClosing = (): void =>
    end(new LockstepError({ kind: 'cancelled', reason: 'the connection to the Docker daemon was closed' }))
  // One signal ends a whole run, with more questions at once than Node expects.
  setMaxListeners(0, signal, line.closing)
  signal.addEventListener('abort', onSignal)
  line.closing.addEventListener('abort', onClosing)
  if (signal.aborted) onSignal()
  if (line.closing.aborted) onClosing()
  const seconds = line.deadlineMs / 1000
  const timer = setTimeout(
    () => end(new CallError('silent', null, `no answer within ${seconds} s`)),
    line.deadlineMs,
  )
  try {
    return await Promise.race([ended, stop.signal.aborted ? ended : work(stop.signal)])
  } catch (error) {
    throw error instanceof LockstepError ? error : toCallError(error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onSignal)
    line.closing.removeEventListener('abort', onClosing)
  }
}

/** Asked for as a stream, since `docker-modem` never tells of a body that breaks off when it reads one itself. */
function request(line: DaemonLine, question: Question, stop: AbortSignal): Promise<IncomingMessage> {
  const startedAt = performance.now()
  const tell = (how: string): void =>
    debug('docker', () => `GET ${question.path} of ${line.endpoint}: ${how}, ${sinceThen(startedAt)}`)
  return new Promise((resolve, reject) => {
    line.engine.modem.dial(
      {
        path: `${question.path}?`,
        method: 'GET',
        options: { ...question.query },
        isStream: true,
        abortSignal: stop,
        statusCodes: { 200: true },
      },
      (error, answer) => {
        tell(error ? describeError(error) : 'answered')
        if (error) reject(error)
        else resolve(answer as IncomingMessage)
      },
    )
  })
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function toCallError(error: unknown): CallError {
  if (error instanceof CallError) return error
  if (!(error instanceof Error)) return new CallError('failed', null, String(error), error)
  if ('statusCode' in error && typeof error.statusCode === 'number') {
    const { statusCode: status } = error
    // Its words are put in front of the daemon's: "(HTTP code 404) no such container - ".
    const message = error.message.replace(/^\(HTTP code \d+\) .*? - /s, '').trim()
    return new CallError(status === 401 || status === 403 ? 'denied' : 'failed', status, message, error)
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const known = code === null ? undefined : knownCodes[code]
  if (known) return new CallError(known.why, null, `${known.words} (${code})`, error)
  return new CallError('failed', null, error.message || code || error.name, error)
}

const knownCodes: Readonly<
  Record<string, { readonly why: CallError['why']; readonly words: string } | undefined>
> = {
  EACCES: { why: 'denied', words: 'this user may not use the socket' },
  EPERM: { why: 'denied', words: 'this user may not use the socket' },
  ENOENT: { why: 'absent', words: 'there is no such socket' },
  ENOTDIR: { why: 'absent', words: 'there is no such socket' },
  ENOTSOCK: { why: 'absent', words: 'it is no socket' },
  ECONNREFUSED: { why: 'absent', words: 'nothing listens there' },
  ENOTFOUND: { why: 'absent', words: 'the host is not known' },
  EAI_AGAIN: { why: 'absent', words: 'the host is not known' },
  EHOSTUNREACH: { why: 'absent', words: 'there is no way to the host' },
  ENETUNREACH: { why: 'absent', words: 'there is no way to the host' },
  ECONNRESET: { why: 'failed', words: 'the connection broke off' },
  EPIPE: { why: 'failed', words: 'the connection broke off' },
  ETIMEDOUT: { why: 'silent', words: 'the host does not answer' },
}
