import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'

/** Takes and keeps copies of tenants' data, and counts what was written since. */
export interface Snapshots {
  /** Where the primary's WAL stands, under a name that an archive can be recovered to, where that is allowed. */
  markPoint(server: string, name: string, signal: AbortSignal): Promise<WalMark>
  /** Copies a tenant and keeps the copy; throws `snapshot_failed` and leaves nothing behind. */
  take(request: CopyRequest, signal: AbortSignal): Promise<StoredSnapshot>
  /** How many rows each table of a tenant has seen written; null where the server does not count. */
  readWrites(tenant: Tenant, signal: AbortSignal): Promise<TableWrites | null>
  /** Newest first. */
  list(): Promise<readonly StoredSnapshot[]>
  /** Null when it is gone or has been changed since. */
  find(runId: string, tenant: Tenant, signal: AbortSignal): Promise<StoredSnapshot | null>
  remove(snapshot: StoredSnapshot, signal: AbortSignal): Promise<void>
}

export interface WalMark {
  readonly lsn: string
  /** Null where the role may not set one, or nothing is archived. */
  readonly restorePoint: string | null
}

export interface CopyRequest {
  readonly runId: string
  readonly tenant: Tenant
  readonly heads: readonly string[]
  /** What a restored copy has to look like. */
  readonly fingerprint: string
  readonly how: 'auto' | 'template' | 'dump'
  readonly verify: boolean
  /** Space that has to stay free. */
  readonly minFreeBytes: number
  readonly mark: WalMark
  /** Told how far a copy is, every few seconds. */
  readonly onProgress: (kind: 'template' | 'dump', doneBytes: number, totalBytes: number) => void
}

/** Counters of PostgreSQL's statistics: only differences mean something, and only under the same mark. */
export interface TableWrites {
  /** Rows inserted, updated and deleted, by the table's oid. */
  readonly tables: Readonly<Record<string, number>>
  /** Another one after a reset or a crash: the counters then began again. */
  readonly mark: string
  /** Of where every table is stored: it changes when one is emptied by TRUNCATE or rewritten, which no counter shows. */
  readonly files: string
  /** Of where every sequence stands. */
  readonly positions: string
}
