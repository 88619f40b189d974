import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { LockstepError } from '../../../shared/failure.ts'
import { hideSecrets } from './hide-secrets.ts'
import { parseMessage, type RunnerMessage, type RunnerProgress } from './runner-messages.ts'

/** How a runner is started. */
export interface WorkerStart {
  readonly interpreter: string
  readonly runner: string
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** One request to a runner. */
export interface WorkerTask {
  readonly request: Readonly<Record<string, unknown>>
  /** Named in the failure when the runner dies. */
  readonly tenant: string
  /** Passwords: taken out of whatever the runner printed before it died. */
  readonly secrets: readonly string[]
  /** Answers progress lines; what it returns is sent back. A runner whose progress cannot be taken is ended. */
  onProgress?(message: RunnerProgress): Promise<{ readonly answer: string } | null>
}

/** A warm runner process; it answers one request at a time, and never outlives this process. */
export class Worker {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  readonly #exited: Promise<void>
  #printed = ''
  #requests = 0
  #isAlive = true

  constructor(start: WorkerStart) {
    this.#child = spawn(start.interpreter, ['-X', 'utf8', start.runner], {
      cwd: start.folder,
      env: start.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    this.#exited = new Promise(resolve => {
      this.#child.once('close', () => this.#die(resolve))
      this.#child.once('error', error => {
        this.#printed += error.message
        this.#die(resolve)
      })
    })
    // A runner that is gone is noticed when its output ends.
    this.#child.stdin.on('error', () => undefined)
    this.#child.stderr.setEncoding('utf8')
    this.#child.stderr.on('data', (text: string) => {
      this.#printed = (this.#printed + text).slice(-8_192)
    })
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** How many requests it has answered. */
  get requests(): number {
    return this.#requests
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Sends a request and follows it to its result; throws the failure that it ends in, or `worker_died`. */
  async run(task: WorkerTask): Promise<unknown> {
    this.#printed = this.#isAlive ? '' : this.#printed
    this.#requests += 1
    this.#send({ id: this.#requests, ...task.request })
    for (;;) {
      const message = await this.#next(task)
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
    this.#child.kill('SIGKILL')
  }

  /** Ends it by closing its input, and by force if it stays. */
  async close(): Promise<void> {
    this.#isAlive = false
    this.#child.stdin.end()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2_000)
    await this.#exited
    clearTimeout(timer)
  }

  async #next(task: WorkerTask): Promise<RunnerMessage> {
    const line = await this.#lines.next()
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
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  #die(resolve: () => void): void {
    this.#isAlive = false
    resolve()
  }
}

function lastLines(text: string, secrets: readonly string[]): string {
  return hideSecrets(text, secrets).trim().split('\n').slice(-5).join('\n') || 'it printed nothing'
}
