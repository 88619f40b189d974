import type { Tenant } from '../../../shared/topology/topology.ts'

/** What a query of the team gave: its first rows as text, so that a person sees why. */
export interface AssertionResult {
  /** Whether the first column of the first row is true. */
  readonly holds: boolean
  readonly columns: readonly string[]
  /** The first rows; null stands for NULL. */
  readonly rows: readonly (readonly (string | null)[])[]
  readonly hasMore: boolean
}

/** Asks a tenant's database a question of the team. Reads only. */
export interface Assertions {
  /** Runs one query as the migration role on the primary, in a read-only transaction with a statement timeout. */
  check(tenant: Tenant, sql: string, timeoutMs: number, signal: AbortSignal): Promise<AssertionResult>
}
