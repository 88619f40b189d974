import type { Duplex } from 'node:stream'
import type { Client } from 'pg'
import type { ServerWay } from '../../../../shared/server/server-way.ts'
import type { DeclaredReplay } from '../../../../shared/topology/topology.ts'
import type { ConnectionRoom } from './connection-room.ts'

/** A connection that is not made yet, as `pg` wants it: `connect` begins, `connect` or `error` is emitted. */
export interface DialStream extends Duplex {
  connect(port: number, host: string): this
  setNoDelay(noDelay?: boolean): this
  setKeepAlive(enable?: boolean, initialDelay?: number): this
  ref(): this
  unref(): this
}

/** A connection to a server, which may be lent to one user after the other. */
export interface Session {
  readonly client: Client
  readonly socket: DialStream
  /** False once the connection is gone. */
  isAlive(): boolean
}

/** One user's turn in a database. */
export interface BorrowedSession {
  readonly session: Promise<Session | null>
  /** Ends the turn, whatever session was used. */
  end(): void
}

/** Sessions of one server that wait for their next use, and how many there may be at all. */
export interface KeptSessions {
  readonly room: ConnectionRoom
  /** Whether they are those of this login: a probe with another one connects for real. */
  areOf(settings: Pick<ServerSettings, 'host' | 'port' | 'user' | 'password'>): boolean
  /** One that waits, or that another user is about to give back; null where one has to be opened. */
  borrow(database: string, options: { readonly isUrgent?: boolean }): BorrowedSession
  put(database: string, session: Session): Promise<void>
  /** Ends those of one database (null: of all). */
  end(database: string | null): Promise<void>
}

/** How to reach one server. Lives in the adapters only: it never enters an event, a failure or a log. */
export interface ServerSettings {
  readonly name: string
  readonly cluster: string
  readonly declaredRole: 'primary' | 'standby' | 'subscriber'
  readonly declaredReplay?: DeclaredReplay
  readonly host: string
  readonly port: number
  readonly user: string
  /** Null: whatever libpq would use (PGPASSWORD, a password file) or no password. */
  readonly password: string | null
  /** The password file that the project names; PGPASSFILE or ~/.pgpass when not said. */
  readonly passFile?: string
  /** The database for questions about the whole cluster, and for the run lock. */
  readonly maintenanceDatabase: string
  readonly tls: 'disable' | 'require' | 'verify-full'
  /** How a connection is made where a socket to host and port is not it: a tunnel into a container. */
  readonly dial?: () => DialStream
  /** The way that was found to this server; `direct` when not said, null when there is none. */
  readonly way?: ServerWay | null
  /** How long connecting may take; 5 s when not said. A tunnel starts a program in a container first. */
  readonly connectTimeoutMs?: number
  /** Where sessions are kept between two uses; without it each use connects. */
  readonly kept?: KeptSessions
  /** What people read instead of `host:port`, such as `docker exec shop-db-1`. */
  readonly shownEndpoint?: string
}
