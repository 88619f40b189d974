/** Tenants at the same revision with the same catalog fingerprint: what is true of one holds for all. */
export interface SchemaClass {
  readonly fingerprint: string
  readonly heads: readonly string[]
  readonly tenants: readonly string[]
  /** True for the largest class of its revision; the others are outliers. */
  readonly isMain: boolean
  /**
   * How it differs from the main class of its revision, one object a line, worst first, and not more than can be read.
   * Empty for the main class, and for an outlier that was not compared: only the first outliers are, and a tenant may be out of reach.
   */
  readonly differences: readonly ObjectDifference[]
}

/** One object that two schemas hold differently. */
export interface ObjectDifference {
  readonly kind: string
  /** Qualified name. */
  readonly object: string
  /** `added`: only the outlier has it; `missing`: only the main class has it. */
  readonly change: 'added' | 'missing' | 'changed'
  readonly expected: string | null
  readonly found: string | null
}

/** A tenant that a run leaves alone on purpose. */
export interface Quarantine {
  readonly tenant: string
  readonly reason: string
}
