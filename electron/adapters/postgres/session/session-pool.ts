import { endSession } from './connect-session.ts'
import type { ConnectionRoom, RoomLimits } from './connection-room.ts'
import { joinRoom } from './connection-rooms.ts'
import type { BorrowedSession, KeptSessions, ServerSettings, Session } from './server-settings.ts'

/** Idle sessions of one server, and for how long: enough for the phases of a run, gone before they matter. */
const mostIdle = 16
const idleMs = 2_000
/** How long a question to a tenant waits for the session of another one: most have their answer sooner than a session is opened. */
const patienceMs = 250
/** Where no project says how many connections there may be. */
const defaultLimits: RoomLimits = { most: 16, fewest: 3, spare: 3 }

interface Waiting {
  readonly database: string
  go(session: Session | null): void
}

interface IdleSession {
  readonly database: string
  readonly session: Session
  readonly timer: NodeJS.Timeout
}

/** Sessions that wait for their next use: connecting again costs the server more than most questions do. */
class IdleSessions implements KeptSessions {
  readonly #owner: ServerSettings
  readonly #idle = new Set<IdleSession>()
  readonly #lent = new Map<string, number>()
  readonly #waiting: Waiting[] = []
  readonly room: ConnectionRoom
  readonly #leaveRoom: () => void
  #isClosed = false

  constructor(owner: ServerSettings, limits: RoomLimits) {
    this.#owner = owner
    const { room, leave } = joinRoom(owner, { limits, giveBackIdle: () => this.#endOldest() })
    this.room = room
    this.#leaveRoom = leave
  }

  areOf({
    host,
    port,
    user,
    password,
  }: Pick<ServerSettings, 'host' | 'port' | 'user' | 'password'>): boolean {
    const owner = this.#owner
    return owner.host === host && owner.port === port && owner.user === user && owner.password === password
  }

  /** Gates look at the same tenants at the same time: they take turns, and a tenant sees one session and not one for each. */
  borrow(database: string, { isUrgent = false }: { readonly isUrgent?: boolean }): BorrowedSession {
    const idle = this.#takeIdle(database)
    const users = this.#lent.get(database) ?? 0
    const isShared = users > 0 && database !== this.#owner.maintenanceDatabase
    this.#lent.set(database, users + 1)
    const session = idle || isUrgent || !isShared ? Promise.resolve(idle) : this.#waitFor(database)
    return { session, end: () => this.#endTurn(database) }
  }

  #waitFor(database: string): Promise<Session | null> {
    return new Promise(resolve => {
      const waiting = {
        database,
        go: (session: Session | null) => {
          clearTimeout(timer)
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
          resolve(session)
        },
      }
      const timer = setTimeout(() => waiting.go(null), patienceMs)
      this.#waiting.push(waiting)
    })
  }

  #endTurn(database: string): void {
    const left = (this.#lent.get(database) ?? 1) - 1
    if (left > 0) this.#lent.set(database, left)
    else this.#lent.delete(database)
    const waiting = this.#waiting.filter(one => one.database === database)
    // All that are left wait, and nobody has a session to give back.
    if (left > 0 && waiting.length === left) waiting[0]?.go(null)
  }

  #findWaiting(database: string): Waiting | undefined {
    return this.#waiting.find(one => one.database === database)
  }

  #takeIdle(database: string): Session | null {
    for (const one of this.#idle) {
      if (one.database !== database) continue
      this.#forget(one)
      if (one.session.isAlive()) return one.session
    }
    return null
  }

  async put(database: string, session: Session): Promise<void> {
    if (this.#isClosed || !session.isAlive()) return endSession(session)
    const next = this.#findWaiting(database)
    if (next) return next.go(session)
    const timer = setTimeout(() => {
      this.#forget(one)
      void endSession(session)
    }, idleMs)
    timer.unref()
    const one = { database, session, timer }
    this.#idle.add(one)
    if (this.#idle.size > mostIdle || this.room.isWaitedFor()) await this.#endOldest()
  }

  /** Ends those of one database (null: of all), which cannot be copied or dropped while a session is connected. */
  async end(database: string | null): Promise<void> {
    const those = [...this.#idle].filter(one => database === null || one.database === database)
    for (const one of those) this.#forget(one)
    await Promise.all(those.map(one => endSession(one.session)))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const all = [...this.#idle]
    for (const one of all) this.#forget(one)
    await Promise.all(all.map(one => endSession(one.session)))
    this.#leaveRoom()
  }

  async #endOldest(): Promise<boolean> {
    const [oldest] = this.#idle
    if (!oldest) return false
    this.#forget(oldest)
    await endSession(oldest.session)
    return true
  }

  #forget(one: IdleSession): void {
    clearTimeout(one.timer)
    this.#idle.delete(one)
  }
}

/** Keeps sessions of these servers between two uses, and never has more than so many to one; the caller closes them at the end. */
export function openSessionPool(
  servers: readonly ServerSettings[],
  limits: RoomLimits = defaultLimits,
): {
  /** The same servers, whose sessions are kept. */
  readonly servers: readonly ServerSettings[]
  close(): Promise<void>
} {
  const kept = servers.map(server => new IdleSessions(server, limits))
  return {
    servers: servers.map((server, index) => ({ ...server, ...(kept[index] ? { kept: kept[index] } : {}) })),
    close: async () => {
      await Promise.all(kept.map(one => one.close()))
    },
  }
}

/** The idle sessions of a server; null where none are kept. */
export function findSessionPool(server: ServerSettings): KeptSessions | null {
  return server.kept?.areOf(server) ? server.kept : null
}

/** Ends the idle sessions of one database; null: of the whole server. */
export async function endPooledSessions(server: ServerSettings, database: string | null): Promise<void> {
  await server.kept?.end(database)
}
