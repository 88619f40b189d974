import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { DatabaseTie } from '../../catalog/database-tie.ts'
import type { TableWrites } from './snapshots.ts'

/** Puts a copy in the place of a tenant's database. */
export interface Restores {
  /** Makes a database from a snapshot, with the privileges and settings of the tenant's own; proven by its fingerprint. */
  prepare(snapshot: StoredSnapshot, tenant: Tenant, database: string, signal: AbortSignal): Promise<void>
  /** Drops a database of ours; nothing happens where there is none. Refuses one that has ties. */
  discard(server: string, database: string, signal: AbortSignal): Promise<void>
  /** Refuses new sessions to a tenant's database; one session of ours stays, until it is released. */
  close(tenant: Tenant, signal: AbortSignal): Promise<ClosedDatabase>
  /** Takes sessions again. */
  open(tenant: Tenant, signal: AbortSignal): Promise<void>
  /** Gives all of a cluster's databases their places in one transaction: all, or none. */
  swap(server: string, swaps: readonly DatabaseSwap[], signal: AbortSignal): Promise<void>
  /** What belongs to a tenant's database itself: no copy has it, and it does not move to one. */
  readTies(tenant: Tenant, signal: AbortSignal): Promise<readonly DatabaseTie[]>
  /** Our databases on a server that no kept snapshot speaks of, with their sizes. */
  listStrays(server: string, signal: AbortSignal): Promise<readonly StrayDatabase[]>
}

/** A database that takes no new sessions. */
export interface ClosedDatabase {
  /** Others' sessions that are still there. */
  readonly sessions: readonly OtherSession[]
  /** Ends others' sessions, and waits until they are gone. */
  disconnect(signal: AbortSignal): Promise<void>
  /** The counters, once every session has ended and reported what it has written. */
  readWrites(signal: AbortSignal): Promise<TableWrites | null>
  /** Ends our own session: only then can the database be renamed. It stays closed. */
  release(): Promise<void>
}

export interface OtherSession {
  readonly pid: number
  readonly user: string
  readonly application: string
}

export interface DatabaseSwap {
  readonly database: string
  /** The copy that takes its name. */
  readonly prepared: string
  /** What the database is called from then on. */
  readonly kept: string
}

export interface StrayDatabase {
  readonly server: string
  readonly database: string
  readonly kind: 'snapshot' | 'restore' | 'failed'
  readonly bytes: number
  /** What would go with it; it is not dropped as long as there is any. */
  readonly ties: readonly DatabaseTie[]
}
