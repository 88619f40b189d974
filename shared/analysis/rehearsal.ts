/** PostgreSQL's table-level lock modes, weakest first (documentation, table 13.2). */
export const lockModes = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const

export type LockMode = (typeof lockModes)[number]

/** A lock that a statement took on a relation that was there before the migration. */
export interface TracedLock {
  /** Qualified and quoted, such as `public.orders`. */
  readonly relation: string
  /** `pg_class.relkind`. */
  readonly kind: string
  readonly mode: LockMode
  /** False when an earlier statement of the same transaction held it in this mode already. */
  readonly isNew: boolean
}

/** One statement as it ran on the shadow. */
export interface TracedStatement {
  readonly revision: string
  readonly index: number
  readonly sql: string
  /** Line of the revision's file on which it begins, counted from 1; absent when that is not known. */
  readonly line?: number
  readonly durationMs: number
  readonly rowCount: number | null
  readonly locks: readonly TracedLock[]
  /** Tables and indexes whose file was rewritten. */
  readonly rewrites: readonly string[]
  /** Tables that were read from end to end, with the rows read. */
  readonly scans: readonly { readonly relation: string; readonly rows: number }[]
  /** Indexes and constraints that this statement left invalid. */
  readonly invalid: readonly string[]
  readonly transactional: boolean
  /** What it changed of what all databases of the server share; absent where nothing. */
  readonly shared?: readonly string[]
}

/** What going up, down and up again showed. `not_tried`: the rehearsal was told not to, or could not. */
export type Reversibility = 'lossless' | 'lossy' | 'impossible' | 'not_tried'

/** Whether the transaction of a route could be prepared on a copy, as an atomic group needs it. */
export interface RehearsedVote {
  /** `refused`: the server would not prepare it. `unknown`: that could not be tried, or rows may change it. */
  readonly verdict: 'prepared' | 'refused' | 'unknown'
  /** What the server said, which statement brings it about, and what could not be seen; one fact each. */
  readonly evidence: readonly string[]
}

/** What the databases of a server share, held against before the rehearsal. */
export interface BeyondCopy {
  /** What is not as before, whatever changed it; one fact each. Null where nothing could be compared. */
  readonly changes: readonly string[] | null
  /** What could not be compared. */
  readonly unread: readonly string[]
}

/** One route rehearsed for one class of tenants. */
export interface RouteRehearsal {
  readonly route: string
  /** Fingerprint that every tenant of the class starts from. */
  readonly startFingerprint: string
  /** The tenant whose copy was migrated. */
  readonly representative: string
  /** Tenants that this speaks for. */
  readonly tenants: readonly string[]
  readonly statements: readonly TracedStatement[]
  /** Fingerprint that the real run must end in; null when the rehearsal failed. */
  readonly endFingerprint: string | null
  readonly durationMs: number
  readonly reversibility: {
    readonly verdict: Reversibility
    /** What was compared, and what was lost, one fact a line. */
    readonly evidence: readonly string[]
    /** Hash of the downgrade that was tried, or `none`: with another one the verdict says nothing. */
    readonly wayBack?: string
  }
  /** Why the migration failed on the shadow; null when it ran. */
  readonly problem: string | null
  /** Why it was not run at all, which is no fault of the migration; absent where it was run. */
  readonly notRehearsed?: string
  /** Absent where nothing of the route is in one transaction, and in what was kept before. */
  readonly vote?: RehearsedVote
  /** Absent where it was not run, and in what was kept before. */
  readonly beyond?: BeyondCopy
  /** What would help with the problem, where that is known. */
  readonly remedy?: string
  /** Tenants of the class that could not be rehearsed for reasons of their own, before this one could. */
  readonly passedOver?: readonly { readonly tenant: string; readonly reason: string }[]
}

/** How the copy was made. `template`: a copy of the database; `dump`: its schema; `sandbox`: in a server of our own. */
export interface ShadowDescription {
  readonly kind: 'template' | 'dump' | 'sandbox'
  readonly data: 'schema' | 'sample' | 'full'
  /** Server of the configuration; `sandbox` for our own. */
  readonly server: string
  /** Why this kind, in words: what else was tried. */
  readonly why: string
}

/** What a plan did on a shadow. It holds for the plan whose id it carries, and for no other. */
export interface Rehearsal {
  readonly planId: string
  readonly at: string
  readonly shadow: ShadowDescription
  readonly routes: readonly RouteRehearsal[]
  readonly durationMs: number
}

/** Locks, weakest first, compared by strength. */
export function strongerLock(a: LockMode, b: LockMode): LockMode {
  return lockModes.indexOf(a) >= lockModes.indexOf(b) ? a : b
}
