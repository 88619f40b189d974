import type { Tenant } from '../../../shared/topology.ts'

/** Counts what a way back would take away. Reads only, and gives up in time. */
export interface LossFacts {
  /** How much of each there is now; null where it could not be counted in time, or is not there. */
  count(
    tenant: Tenant,
    wishes: readonly CountWish[],
    signal: AbortSignal,
  ): Promise<readonly (number | null)[]>
}

export type CountWish =
  /** Every row of a table; qualified and quoted. */
  | { readonly kind: 'rows'; readonly table: string }
  /** Rows whose value of a column is neither missing nor its default. */
  | { readonly kind: 'values'; readonly table: string; readonly column: string }
