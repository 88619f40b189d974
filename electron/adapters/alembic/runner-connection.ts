import { createInterface } from 'node:readline'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { debug, hideFromDebug } from '../../output/debug-log.ts'
import { hideSecrets } from '../../output/hide-secrets.ts'
import type { ExecutionHost, RunnerProcess } from './execution-host.ts'
import type { RunnerEntry } from './runner-entry.ts'
import { parseMessage, type RunnerMessage, type RunnerProgress } from './runner-messages.ts'

/** How a runner is started. */
export interface RunnerStart {
  readonly host: ExecutionHost
  readonly interpreter: string
  readonly entry: RunnerEntry
  readonly folder: string
}

/** One request to a runner. */
export interface RunnerTask {
  readonly request: Readonly<Record<string, unknown>>
  /** Named in the failure when the runner dies. */
  readonly tenant: string
  /** Passwords: taken out of whatever the runner printed before it died. */
  readonly secrets: readonly string[]
  /** Answers progress lines; what it returns is sent back. A runner whose progress cannot be taken is ended. */
  onProgress?(message: RunnerProgress): Promise<{ readonly answer: string } | null>
}

/** A warm runner process; it answers one request at a time, and never outlives this process. */
export class RunnerConnection {
  readonly #process: RunnerProcess
  readonly #lines: AsyncIterator<string>
  readonly #exited: Promise<void>
  #printed = ''
  #requests = 0
  #isAlive = true

  constructor(start: RunnerStart) {
    const { host, interpreter, entry, folder } = start
    this.#process = host.start(interpreter, entry.args, { folder })
    const { stdin, stdout, stderr, ended } = this.#process
    const lines = createInterface({ input: stdout })
    this.#lines = lines[Symbol.asyncIterator]()
    // Streams of a container may be closed without an end, or fail: either way no line comes any more.
    stdout.once('close', () => lines.close())
    for (const stream of [lines, stdin, stdout, stderr]) stream.on('error', () => undefined)
    this.#exited = ended.then(({ problem }) => {
      this.#isAlive = false
      this.#printed += problem ?? ''
      lines.close()
    })
    stderr.setEncoding('utf8')
    stderr.on('data', (text: string) => {
      this.#printed = (this.#printed + text).slice(-8_192)
    })
    if (entry.greeting) this.#send(entry.greeting)
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** How many requests it has answered. */
  get requests(): number {
    return this.#requests
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Sends a request and follows it to its result; throws the failure that it ends in, or `worker_died`. */
  async run(task: RunnerTask): Promise<unknown> {
    this.#printed = this.#isAlive ? '' : this.#printed
    this.#requests += 1
    for (const secret of task.secrets) hideFromDebug(secret)
    debug('alembic', () => `${this.#name(task)}: asked for ${task.request.op}`)
    this.#send({ id: this.#requests, ...task.request })
    for (;;) {
      const message = await this.#next(task)
      debug('alembic', () => `${this.#name(task)}: ${describeMessage(message)}`)
      if (message.type === 'result') return message.result
      if (message.type === 'failure') throw new LockstepError(message.failure)
      try {
        const reply = await task.onProgress?.(message)
        if (reply) this.#send(reply)
      } catch (error) {
        this.kill()
        await this.#exited
        throw error
      }
    }
  }

  /** Ends it at once: whatever transaction it has open is rolled back by the server. */
  kill(): void {
    this.#isAlive = false
    this.#process.kill()
  }

  /** Ends it by closing its input, and by force if it stays. */
  async close(): Promise<void> {
    this.#isAlive = false
    this.#process.stdin.end()
    const timer = setTimeout(() => this.#process.kill(), 2_000)
    await this.#exited
    clearTimeout(timer)
  }

  #name({ tenant }: RunnerTask): string {
    return `runner ${this.pid ?? 'in a container'}${tenant === '' ? '' : ` of ${tenant}`}`
  }

  async #next(task: RunnerTask): Promise<RunnerMessage> {
    const line = await this.#lines.next().catch(() => ({ done: true, value: '' }))
    if (!line.done) return parseMessage(line.value)
    this.#isAlive = false
    await this.#exited
    throw new LockstepError({
      kind: 'worker_died',
      tenant: task.tenant,
      detail: lastLines(this.#printed, task.secrets),
    })
  }

  #send(message: Readonly<Record<string, unknown>>): void {
    const { stdin } = this.#process
    if (stdin.writable) stdin.write(`${JSON.stringify(message)}\n`)
  }
}

/** What a runner said, as the debug log shows it: values of rows stay out. */
function describeMessage(message: RunnerMessage): string {
  switch (message.type) {
    case 'statement':
      return `statement, ${message.rowCount ?? 'no'} rows, ${message.durationMs} ms: ${message.sql}`
    case 'coming':
    case 'existing_index':
      return `${message.type}: ${message.sql}`
    case 'failure':
      return `failure ${message.failure.kind}`
    default:
      return message.type
  }
}

function lastLines(text: string, secrets: readonly string[]): string {
  return hideSecrets(text, secrets).trim().split('\n').slice(-5).join('\n') || 'it printed nothing'
}
