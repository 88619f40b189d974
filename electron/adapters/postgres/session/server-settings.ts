import type { Duplex } from 'node:stream'
import type { ServerWay } from '../../../../shared/server/server-way.ts'
import type { DeclaredReplay } from '../../../../shared/topology/topology.ts'

/** A connection that is not made yet, as `pg` wants it: `connect` begins, `connect` or `error` is emitted. */
export interface DialStream extends Duplex {
  connect(port: number, host: string): this
  setNoDelay(noDelay?: boolean): this
  setKeepAlive(enable?: boolean, initialDelay?: number): this
  ref(): this
  unref(): this
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
  /** Null: whatever libpq would use (PGPASSFILE, ~/.pgpass) or no password. */
  readonly password: string | null
  /** The database for questions about the whole cluster, and for the run lock. */
  readonly maintenanceDatabase: string
  readonly tls: 'disable' | 'require' | 'verify-full'
  /** How a connection is made where a socket to host and port is not it: a tunnel into a container. */
  readonly dial?: () => DialStream
  /** The way that was found to this server; `direct` when not said, null when there is none. */
  readonly way?: ServerWay | null
  /** How long connecting may take; 5 s when not said. A tunnel starts a program in a container first. */
  readonly connectTimeoutMs?: number
  /** What people read instead of `host:port`, such as `docker exec shop-db-1`. */
  readonly shownEndpoint?: string
}
