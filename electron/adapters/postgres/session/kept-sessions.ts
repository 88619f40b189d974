import { endSession, type Session } from './connect-session.ts'
import type { ServerSettings } from './server-settings.ts'

/** Idle sessions of one server, and for how long: enough for the phases of a run, gone before anybody minds. */
const mostIdle = 16
const idleMs = 2_000

interface IdleSession {
  readonly database: string
  readonly session: Session
  readonly timer: NodeJS.Timeout
}

/** Sessions that wait for their next use: connecting again costs the server more than most questions do. */
class IdleSessions {
  readonly #idle = new Set<IdleSession>()
  #isClosed = false

  take(database: string): Session | null {
    for (const one of this.#idle) {
      if (one.database !== database) continue
      this.#forget(one)
      if (one.session.isAlive()) return one.session
    }
    return null
  }

  async put(database: string, session: Session): Promise<void> {
    if (this.#isClosed || !session.isAlive()) return endSession(session)
    const timer = setTimeout(() => {
      this.#forget(one)
      void endSession(session)
    }, idleMs)
    timer.unref()
    const one = { database, session, timer }
    this.#idle.add(one)
    const [oldest] = this.#idle
    if (this.#idle.size > mostIdle && oldest) {
      this.#forget(oldest)
      await endSession(oldest.session)
    }
  }

  /** Ends those of one database (null: of all), which cannot be copied or dropped while somebody is connected. */
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
  }

  #forget(one: IdleSession): void {
    clearTimeout(one.timer)
    this.#idle.delete(one)
  }
}

/** Only settings that were asked for: a probe with another login makes its own, and always connects for real. */
const kept = new WeakMap<ServerSettings, IdleSessions>()

/** Keeps sessions of these servers between two uses; whoever asks for it closes them at the end. */
export function keepSessions(servers: readonly ServerSettings[]): { close(): Promise<void> } {
  for (const server of servers) kept.set(server, new IdleSessions())
  return {
    close: async () => {
      await Promise.all(servers.map(server => kept.get(server)?.close()))
    },
  }
}

/** The idle sessions of a server; null where none are kept. */
export function findKeptSessions(server: ServerSettings): Pick<IdleSessions, 'take' | 'put'> | null {
  return kept.get(server) ?? null
}

/** Ends the idle sessions of one database; null: of the whole server. */
export async function endKeptSessions(server: ServerSettings, database: string | null): Promise<void> {
  await kept.get(server)?.end(database)
}
