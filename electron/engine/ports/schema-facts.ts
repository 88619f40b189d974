import type { Tenant } from '../../../shared/topology.ts'

/** What is known of one table before anything runs: estimates of the server, no counts. */
export interface TableFacts {
  /** Qualified and quoted like the tables of a plan. */
  readonly table: string
  /** `reltuples`; null when the table was never analysed. */
  readonly rows: number | null
  /** With indexes and TOAST. */
  readonly bytes: number
}

/** Live facts that lint, conflicts and budgets are judged with. Reads only. */
export interface SchemaFacts {
  readTables(tenant: Tenant, signal: AbortSignal): Promise<readonly TableFacts[]>
}
