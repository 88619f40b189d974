import { AsyncLocalStorage } from 'node:async_hooks'
import { setMaxListeners } from 'node:events'
import { LockstepError } from '../../../../shared/failure/failure.ts'
import { throwIfAborted } from '../../../lib/throw-if-aborted.ts'

/** How long one that may not wait for long is kept waiting: what holds every place is then not about to end. */
const urgentMs = 10_000
/** After so long it is read again how many connections the server has to spare: an application comes and goes. */
const measureAgainMs = 5_000

/** How many connections there may be to one server. */
export interface RoomLimits {
  readonly most: number
  /** Kept to even where the server has less to spare: with less nothing can be done. */
  readonly fewest: number
  /** Connections of the server that stay free for others. */
  readonly spare: number
}

/** One who has connections to a server, and may keep some for later. */
export interface RoomUser {
  readonly limits: RoomLimits
  /** Ends a connection that is merely kept; false when there is none. */
  giveBackIdle(): Promise<boolean>
}

/** How one comes in. */
export interface Entry {
  /** Somebody's locks, or a place that is held already, depend on it: it goes first, and has a place of its own. */
  readonly isUrgent?: boolean
  /** Whether it stays with the work at hand, which may want another one meanwhile; one that is lent goes to others afterwards. */
  readonly isHeld?: boolean
  /** For a connection that another program makes, under a name of its own. */
  readonly isOutside?: boolean
}

interface Waiting {
  readonly isUrgent: boolean
  readonly go: () => void
}

/** How many places the work at hand has in each room. */
const held = new AsyncLocalStorage<Map<ConnectionRoom, number>>()

/** Does a piece of work as one: as soon as it has a place in a room, what it opens there besides is urgent. */
export function asOneHolder<T>(work: () => Promise<T>): Promise<T> {
  return held.run(new Map(held.getStore()), work)
}

/**
 * The connections that this process may have to one server; one who wants another waits until one is given back.
 *
 * The last place is for the urgent: whoever has a place and needs a second one would otherwise wait for others who do the
 * same, and a decision could not be carried out while everything else is at work.
 */
export class ConnectionRoom {
  readonly #users = new Set<RoomUser>()
  readonly #queue: Waiting[] = []
  #limits: RoomLimits = { most: Number.POSITIVE_INFINITY, fewest: 1, spare: 0 }
  /** What the server has for us, as far as is known. */
  #granted = Number.POSITIVE_INFINITY
  #measuredAt = Number.NEGATIVE_INFINITY
  #used = 0
  #outside = 0

  /** Where several use the server at the same time, the least that one of them allows is for all. */
  join(user: RoomUser): void {
    this.#users.add(user)
    this.#renewLimits()
  }

  /** True when nobody is left. */
  part(user: RoomUser): boolean {
    this.#users.delete(user)
    this.#renewLimits()
    return this.#users.size === 0
  }

  /** Waits for a place, and gives what gives it back. */
  async enter(
    { isUrgent = false, isHeld = false, isOutside = false }: Entry,
    signal: AbortSignal,
  ): Promise<() => void> {
    throwIfAborted(signal)
    const holder = held.getStore()
    const isFirst = isUrgent || (holder?.get(this) ?? 0) > 0
    if (this.#mayEnter(isFirst)) this.#used += 1
    else await this.#wait(isFirst, signal)
    const change = (by: 1 | -1): void => {
      if (isHeld) holder?.set(this, (holder.get(this) ?? 0) + by)
      if (isOutside) this.#outside += by
    }
    change(1)
    let isBack = false
    return () => {
      if (isBack) return
      isBack = true
      this.#used -= 1
      change(-1)
      this.#letIn()
    }
  }

  /** Does the work of one who has a place: what it opens besides is urgent. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return held.run(new Map(held.getStore()).set(this, 1), work)
  }

  isWaitedFor(): boolean {
    return this.#queue.length > 0
  }

  get spare(): number {
    return this.#limits.spare
  }

  /** Whether the server should be asked what it has to spare; asks for one answer at a time. */
  wantsMeasure(): boolean {
    if (performance.now() - this.#measuredAt < measureAgainMs) return false
    this.#measuredAt = performance.now()
    return true
  }

  /** The server has so many for us, those of other programs that work for us left out. */
  grant(connections: number): void {
    this.#granted = connections + this.#outside
    this.#letIn()
  }

  /** The server had no place for one more than we have. */
  shrink(): void {
    this.#granted = Math.min(this.#granted, this.#used)
  }

  #renewLimits(): void {
    const all = [...this.#users].map(user => user.limits)
    if (all.length === 0) return
    this.#limits = {
      most: Math.min(...all.map(limits => limits.most)),
      fewest: Math.max(...all.map(limits => limits.fewest)),
      spare: Math.max(...all.map(limits => limits.spare)),
    }
    this.#letIn()
  }

  #mayEnter(isUrgent: boolean): boolean {
    const { most, fewest } = this.#limits
    const places = Math.max(fewest, Math.min(most, this.#granted))
    return this.#used < (isUrgent ? places : places - 1)
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
      const waiting: Waiting = {
        isUrgent,
        go: () => {
          end()
          this.#used += 1
          resolve()
        },
      }
      const giveUp = (): void => {
        end()
        reject(new LockstepError(describeFull(this.#used)))
      }
      const timer = isUrgent ? setTimeout(giveUp, urgentMs) : undefined
      signal.addEventListener('abort', leave, { once: true })
      this.#queue.push(waiting)
    })
    // One that is kept for nobody makes room; its end lets the next one in.
    void this.#giveBackIdle()
    await place.catch((error: unknown) => {
      throwIfAborted(signal)
      throw error
    })
  }

  async #giveBackIdle(): Promise<void> {
    for (const user of this.#users) if (await user.giveBackIdle()) return
  }

  #letIn(): void {
    for (;;) {
      const next = this.#queue.find(one => one.isUrgent) ?? this.#queue[0]
      if (!next || !this.#mayEnter(next.isUrgent)) return
      next.go()
    }
  }
}

function describeFull(connections: number) {
  return {
    kind: 'usage',
    problem: `${connections} connections are all that Lockstep may have to a server, each is in use, and one more is needed to go on`,
    fix: 'Raise execution.connectionsPerServer (a rehearsal needs up to 6), or leave more connections of the server, the role or the database free.',
  } as const
}
