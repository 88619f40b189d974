import { LockstepError } from '../../../shared/failure/failure.ts'
import { RunnerConnection, type RunnerStart } from './runner-connection.ts'

/** Warm runners, started when they are first needed; each is lent to one tenant at a time. */
export class RunnerPool {
  readonly #size: number
  readonly #start: RunnerStart
  readonly #idle: RunnerConnection[] = []
  readonly #lent = new Set<RunnerConnection>()
  readonly #waiting: (() => void)[] = []
  #taken = 0
  #isClosed = false

  constructor(size: number, start: RunnerStart) {
    this.#size = Math.max(1, size)
    this.#start = start
  }

  /** Starts runners ahead of the first lending, so that they load side by side; never more than the pool holds. */
  warm(count: number): void {
    while (!this.#isClosed && this.#idle.length < Math.min(count, this.#size)) {
      this.#idle.push(new RunnerConnection(this.#start))
    }
  }

  /** Lends a runner; `fresh` asks for one that was not used before. A dead runner is replaced by the next lending. */
  async withWorker<T>(
    options: { readonly fresh: boolean },
    use: (worker: RunnerConnection) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    await this.#enter(signal)
    try {
      const worker = await this.#take(options.fresh)
      this.#lent.add(worker)
      try {
        return await use(worker)
      } finally {
        this.#lent.delete(worker)
        if (worker.isAlive && !this.#isClosed) this.#idle.push(worker)
        else await worker.close()
      }
    } finally {
      this.#leave()
    }
  }

  /** Ends every runner, those at work too. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#idle.splice(0), ...this.#lent].map(worker => worker.close()))
  }

  async #take(fresh: boolean): Promise<RunnerConnection> {
    if (this.#isClosed)
      throw new LockstepError({ kind: 'internal', message: 'the Alembic runners are closed' })
    const idle = this.#idle.pop()
    if (idle?.isAlive && !(fresh && idle.requests > 0)) return idle
    await idle?.close()
    return new RunnerConnection(this.#start)
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#taken < this.#size) {
      this.#taken += 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(go)
    })
  }

  #leave(): void {
    const next = this.#waiting.shift()
    // The place passes on: the one that waited counts as taken already.
    if (next) next()
    else this.#taken -= 1
  }
}
