import type { Failure } from '../../../shared/failure/failure.ts'
import type { ServerLinks } from '../../../shared/topology/discovered-project.ts'
import type { ClosedDatabase, ServerObservation, Tenant } from '../../../shared/topology/topology.ts'
import type { CatalogItem } from '../../catalog/catalog-item.ts'
import type { PrintedItem } from '../../catalog/printed-item.ts'

export type { CatalogItem }

/** A catalog fingerprint: the hash, and the rows it was made from for a diff. */
export interface Fingerprint {
  readonly hash: string
  readonly items: readonly PrintedItem[]
}

/** A fingerprint whose rows also say in values what code decides by. */
export interface Catalog extends Fingerprint {
  readonly items: readonly CatalogItem[]
}

/** Reads what servers are and hold. Server names are those of the configuration. */
export interface Servers {
  /** Never throws for a server that cannot be asked: that is an observation too. */
  observe(server: string, signal: AbortSignal): Promise<ServerObservation>
  /** Databases that the login may enter, templates and the maintenance database left out, sorted. */
  listDatabases(server: string, signal: AbortSignal): Promise<readonly string[]>
  /** The other databases, but for those that every server has and copies of our own: none of them takes a session of ours. */
  listClosedDatabases(server: string, signal: AbortSignal): Promise<readonly ClosedDatabase[]>
  /** Schemas of one database, those of the system and of extensions left out, sorted. */
  listSchemas(server: string, database: string, signal: AbortSignal): Promise<readonly string[]>
  /** How the server stands to others: its source of WAL, its receivers, its subscriptions. */
  readLinks(server: string, signal: AbortSignal): Promise<ServerLinks>
  /** First column of a tenant query, run in the maintenance database. */
  queryTenantNames(server: string, sql: string, signal: AbortSignal): Promise<readonly string[]>
  /** Fingerprint of one tenant's database on one server; the tenant's own role is replaced by a placeholder. */
  fingerprint(server: string, tenant: Tenant, signal: AbortSignal): Promise<Fingerprint>
  /** The same with values, for what decides by what a tenant holds: it takes longer to read. */
  readCatalog(server: string, tenant: Tenant, signal: AbortSignal): Promise<Catalog>
}

/** One run at a time per cluster: an advisory lock on a connection of its own. */
export interface ClusterLocks {
  /** Answers `held` with the holder's application name when another session has it. */
  acquire(server: string, owner: string, signal: AbortSignal): Promise<AcquiredLock | HeldLock>
  /** Application name of the session that has the lock, without asking for it; null when nobody has. */
  readHolder(server: string, signal: AbortSignal): Promise<string | null>
}

export interface AcquiredLock {
  readonly acquired: true
  /** False once the connection behind the lock is gone: the run may no longer decide anything. */
  isHeld(): boolean
  release(): Promise<void>
}

export interface HeldLock {
  readonly acquired: false
  readonly holder: string
}

/** A prepared transaction of the cluster. */
export interface PreparedTransaction {
  readonly gid: string
  readonly database: string
  readonly owner: string
  readonly xid: string
  readonly ageSeconds: number
}

/** Finishes prepared transactions. */
export interface PreparedTransactions {
  list(server: string, signal: AbortSignal): Promise<readonly PreparedTransaction[]>
  /** Opens the connection that will finish this tenant's transaction, before it is needed. */
  openSession(server: string, tenant: Tenant, signal: AbortSignal): Promise<PreparedTransactionSession>
  /** Fate of a transaction by its id, asked from any database of the cluster. */
  status(
    server: string,
    xid: string,
    signal: AbortSignal,
  ): Promise<'in progress' | 'committed' | 'aborted' | 'unknown'>
}

/** A kept connection that commits or rolls back one tenant's prepared transactions. */
export interface PreparedTransactionSession {
  /** `missing`: there is no such prepared transaction (any more). Throws when the answer got lost. */
  commit(gid: string): Promise<'done' | 'missing'>
  rollback(gid: string): Promise<'done' | 'missing'>
  close(): Promise<void>
}

/** Replica catch-up by LSN. */
export interface Replicas {
  /** The primary's WAL insert position now. */
  currentLsn(server: string, signal: AbortSignal): Promise<string>
  /** Waits until the standby has replayed the position, or only received it where it is declared `delayed`; a standby that cannot be trusted is a failure at once. */
  waitForReplay(
    standby: string,
    target: ReplayTarget,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<ReplayResult>
}

export interface ReplayTarget {
  readonly lsn: string
  readonly systemIdentifier: string
  readonly timeline: number
}

export interface ReplayResult {
  readonly caughtUp: boolean
  readonly waitedMs: number
  readonly replayedLsn: string | null
  readonly lagBytes: number | null
  readonly failure: Failure | null
}

/** Cancels what runs for a tenant, from another connection. */
export interface Sessions {
  cancel(server: string, backendPid: number, signal: AbortSignal): Promise<void>
  /** Resolves when the backend is gone or idle outside a transaction; false when the deadline passed first. */
  waitUntilGone(server: string, backendPid: number, deadlineMs: number): Promise<boolean>
}
