/** The rollbacks for one tenant, best first; `none` stops and explains. */
export type RollbackWay = 'downgrade' | 'snapshot' | 'none'

/** How one tenant would be rolled back, and what that costs. */
export interface TenantRollback {
  readonly tenant: string
  readonly cluster: string
  readonly database: string
  readonly way: RollbackWay
  /** Where the run left it: it must stand exactly there. */
  readonly from: SchemaPosition
  /** Where it stood before the run, and has to stand again; a first migration's empty table of versions may stay. */
  readonly to: SchemaPosition
  /** What the choice rests on, one fact a line. */
  readonly evidence: readonly string[]
  /** Rows that others wrote since the run, and that this way would lose; null when they cannot be counted. */
  readonly rowsLost: number | null
  /** What is lost, in words, one fact a line; empty when nothing is. */
  readonly losses: readonly string[]
  /** Why there is no way; null when it may be done. With losses it may be done once a person has accepted them. */
  readonly refusal: string | null
}

/** Where a tenant stands: the version table, and the fingerprint of its catalog. */
export interface SchemaPosition {
  readonly heads: readonly string[]
  readonly fingerprint: string
}

/** What undoing a run would do: approved by its own hash, like a plan. */
export interface RollbackProposal {
  readonly rollbackId: string
  /** The run that it undoes. */
  readonly runId: string
  readonly tenants: readonly TenantRollback[]
  /** True when every tenant has a way that loses nothing. */
  readonly isLossless: boolean
  /** Why the whole is refused; null when every tenant can go. Losses are no refusal: a person may accept them. */
  readonly refusal: string | null
}

/** What a rollback can return to. */
export interface SnapshotRecord {
  readonly tenant: string
  /** `fingerprint`: proof only; `template`: a copy of the database beside it; `dump`: a file of pg_dump. */
  readonly kind: 'fingerprint' | 'template' | 'dump'
  readonly heads: readonly string[]
  readonly fingerprint: string
  /** Insert position of the primary's WAL when it was taken. */
  readonly lsn: string | null
  readonly restorePoint: string | null
  /** Name of the copy, or path of the dump relative to the state folder; null for a fingerprint. */
  readonly location: string | null
  readonly bytes: number | null
  /** sha256 of a dump, hexadecimal. */
  readonly checksum: string | null
  /** True when a test restore ended in the same fingerprint. */
  readonly verified: boolean
  readonly takenAt: string
}

/** A copy of a tenant's data that is kept, whether or not its run came to its end. */
export interface StoredSnapshot extends SnapshotRecord {
  readonly runId: string
  readonly cluster: string
  readonly database: string
  readonly kind: 'template' | 'dump'
  readonly location: string
}
