import { setMaxListeners } from 'node:events'
import { throwIfAborted } from '../../../lib/throw-if-aborted.ts'
import { debug } from '../../../output/debug-log.ts'

/**
 * How long somebody waits for a place. Who holds one and waits for another could wait for ever: one connection too many is
 * better than that.
 */
const patienceMs = 10_000
/** The run lock, one that works, and one that cancels or finishes. */
const fewest = 3

interface Waiting {
  readonly isUrgent: boolean
  readonly go: () => void
}

/** The connections that we may have to one server; whoever wants one more waits until another is given back. */
export class ConnectionRoom {
  #most: number
  #used = 0
  readonly #queue: Waiting[] = []
  readonly #giveBackIdle: () => Promise<boolean>

  /** `giveBackIdle` ends a connection that is merely kept; false when there is none. */
  constructor(most: number, giveBackIdle: () => Promise<boolean>) {
    this.#most = Math.max(fewest, most)
    this.#giveBackIdle = giveBackIdle
  }

  /** Waits for a place, and gives what gives it back; what is urgent is let in first. */
  async enter(
    { isUrgent = false }: { readonly isUrgent?: boolean },
    signal: AbortSignal,
  ): Promise<() => void> {
    throwIfAborted(signal)
    if (this.#used >= this.#most) await this.#wait(isUrgent, signal)
    else this.#used += 1
    let isBack = false
    return () => {
      if (isBack) return
      isBack = true
      this.#used -= 1
      this.#letIn()
    }
  }

  /** Whether somebody waits for a place. */
  isWaitedFor(): boolean {
    return this.#queue.length > 0
  }

  /** The server had no place for one more than we have: from now on that is the most. */
  shrink(): void {
    this.#most = Math.max(fewest, Math.min(this.#most, this.#used - 1))
  }

  async #wait(isUrgent: boolean, signal: AbortSignal): Promise<void> {
    const place = new Promise<void>((resolve, reject) => {
      // One signal ends a whole run: Node takes more than ten listeners for a leak.
      setMaxListeners(0, signal)
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', leave)
        this.#queue.splice(this.#queue.indexOf(waiting), 1)
      }
      const leave = (): void => {
        end()
        reject(signal.reason)
      }
      const waiting = {
        isUrgent,
        go: () => {
          end()
          this.#used += 1
          resolve()
        },
      }
      const timer = setTimeout(() => {
        debug('postgres', () => `${this.#used} connections, and nobody gives one back: one more is opened`)
        waiting.go()
      }, patienceMs)
      signal.addEventListener('abort', leave, { once: true })
      this.#queue.push(waiting)
    })
    // One that is kept for nobody makes room; its end lets the next one in.
    void this.#giveBackIdle()
    await place.catch(() => throwIfAborted(signal))
  }

  #letIn(): void {
    while (this.#used < this.#most && this.#queue.length > 0)
      (this.#queue.find(one => one.isUrgent) ?? this.#queue[0])?.go()
  }
}
