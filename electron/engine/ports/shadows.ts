import type { ShadowDescription } from '../../../shared/analysis/rehearsal.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'

/** What a copy is wanted for. */
export interface ShadowRequest {
  /** The tenant that is copied; it is only read. */
  readonly tenant: Tenant
  readonly where: 'auto' | 'server' | 'sandbox'
  readonly data: 'schema' | 'sample' | 'full'
  /** Told of a copy that could not be dropped, in one sentence. */
  readonly onLeft: (line: string) => void
}

/** A scratch copy of a tenant: it can be migrated and fingerprinted like any tenant, and is gone afterwards. */
export interface Shadow {
  /** The copy as a tenant; its database has another name. */
  readonly tenant: Tenant
  /** Server of the configuration, or of the sandbox, that holds it: what `Servers` and `WebSessions` are asked by. */
  readonly server: string
  readonly description: ShadowDescription
  /** What every table of the copy holds now, counted: a copy serves no one, so it may be read from end to end. */
  readContents(signal: AbortSignal): Promise<readonly TableContents[]>
  /** Where every sequence of the copy stands now. */
  readSequences(signal: AbortSignal): Promise<readonly SequenceState[]>
}

/** One sequence of a copy. */
export interface SequenceState {
  /** Qualified and quoted like the tables of a plan. */
  readonly table: string
  /** Stays while the sequence does. */
  readonly identity: string
  /** The number that it gave out last; null where it gave out none. */
  readonly position: string | null
  /** Identities of the table and the column that it belongs to; null where it stands alone. */
  readonly ownerTable: string | null
  readonly ownerColumn: string | null
}

/** One table of a copy. */
export interface TableContents {
  /** Qualified and quoted like the tables of a plan. */
  readonly table: string
  /** Stays while the table does: one that is dropped and recreated has another. */
  readonly identity: string
  readonly rows: number
  readonly columns: readonly ColumnContents[]
  /** Why nothing was counted; then the numbers are zero and say nothing. */
  readonly notCounted?: string
}

export interface ColumnContents {
  readonly column: string
  /** Stays while the column does: one that is dropped and added again has another. */
  readonly identity: string
  readonly type: string
  /** Rows that hold a value. */
  readonly filled: number
  /** Of all values together, whatever their order. */
  readonly digest: string
}

/** Lends scratch copies of tenants. */
export interface Shadows {
  /** Makes a copy, lends it and drops it, whatever happened; throws `shadow_failed` when there is no way to make one. */
  withShadow<T>(request: ShadowRequest, use: (shadow: Shadow) => Promise<T>, signal: AbortSignal): Promise<T>
}
