import type { Tenant } from '../../../shared/topology/topology.ts'
import type { TableFile } from './inspection.ts'
import type { TraceQuery, TraceRows } from './lock-trace.ts'

/** Counts what a rollback would take away. Reads only, and gives up in time. */
export interface LossFacts {
  /** How much of each there is now; null where it could not be counted in time, or a row-level policy may hide some of it. */
  count(
    tenant: Tenant,
    requests: readonly CountRequest[],
    signal: AbortSignal,
  ): Promise<readonly (number | null)[]>
  /** What a migrating session is to ask itself, so that the same is counted while no other session can write to it any more. */
  planCount(tenant: Tenant, requests: readonly CountRequest[], signal: AbortSignal): Promise<CountUnderLock>
}

/** A count in the session that will destroy what is counted. */
export interface CountUnderLock {
  /** In order, inside a transaction: where tables are stored, locks that stay until its end, then the counts. */
  readonly queries: readonly TraceQuery[]
  /** The counts, in the order of the requests; what is gone already counts as nothing. */
  read(rows: TraceRows): readonly (number | null)[]
  /** Where each table was stored when the counting began. */
  readFiles(rows: TraceRows): readonly TableFile[]
}

export type CountRequest =
  /** Every row of a table itself, without those of its partitions; qualified and quoted. */
  | { readonly kind: 'rows'; readonly table: string }
  /** Numbers that a sequence has given out. */
  | { readonly kind: 'numbers'; readonly table: string }
  /** Rows whose value of a column is neither missing nor its default. */
  | { readonly kind: 'values'; readonly table: string; readonly column: string }
  /** Rows that hold a value in a column. */
  | { readonly kind: 'filled'; readonly table: string; readonly column: string }
