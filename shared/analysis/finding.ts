/** How much a finding weighs: an `error` fails its gate, a `warning` warns, a `note` is for reading. */
export type FindingSeverity = 'error' | 'warning' | 'note'

/** Where in the sources something stands; lines count from 1. */
export interface SourcePlace {
  /** Path relative to the project, with forward slashes. */
  readonly file: string
  /** Null where the statement cannot be mapped back to a line. */
  readonly line: number | null
}

/** Something that is wrong, or risky, in what a plan would run: found by a lint rule, by the search for conflicts, or (in reports) by a gate. */
export interface PlanFinding {
  /** Stable over runs and line moves: a hash of rule, file, revision and the normalised statement. */
  readonly fingerprint: string
  readonly source: 'lint' | 'conflict' | 'gate'
  /** Name of the rule, such as `index_without_concurrently`. */
  readonly rule: string
  readonly severity: FindingSeverity
  /** Revision that brings it; null for one that lies between revisions, such as two heads. */
  readonly revision: string | null
  /** Index of the statement in its step, from 0; null for a whole revision. */
  readonly statement: number | null
  readonly place: SourcePlace | null
  /** Qualified names of the objects concerned. */
  readonly objects: readonly string[]
  /** Tenants concerned; empty means every one. */
  readonly tenants: readonly string[]
  /** What is wrong, in one sentence with the object's name. */
  readonly message: string
  /** Why it hurts. */
  readonly why: string
  /** What to do instead, in words. */
  readonly remedy: string
  /** The same change in a safer form; null where there is none. */
  readonly saferSql: string | null
  /** Set when it was accepted, with the reason: it then stops nothing. */
  readonly waived: { readonly by: 'inline' | 'policy'; readonly reason: string } | null
}
