import type { LockMode } from '../../../../shared/analysis/rehearsal.ts'

/** A form of a statement and what PostgreSQL says it does; names without a schema are in `public`. */
export interface LockForm extends LockExpectation {
  readonly sql: string
  /** Page of the manual that says so, and where on it; `unwritten` where the manual is silent and the server decides. */
  readonly source: string
  /** First major version that knows the form. */
  readonly since?: number
  /** What is different from a version on, and why. */
  readonly from?: { readonly version: number; readonly why: string } & Partial<LockExpectation>
}

export interface LockExpectation {
  /** Strongest lock by relation: every table, and those indexes and sequences that are worth a word. */
  readonly locks: Readonly<Record<string, LockMode>>
  readonly rewrites?: readonly string[]
  /** Rows read by table. */
  readonly scans?: Readonly<Record<string, number>>
  readonly invalid?: readonly string[]
}

/** A form that runs outside a transaction, with what makes it possible and what takes it back. */
export interface OutsideForm extends LockForm {
  readonly before?: readonly string[]
  readonly after?: readonly string[]
}

/** The expectation on one version. */
export function expectedOn(form: LockForm, version: string): Required<LockExpectation> {
  const {
    locks,
    rewrites = [],
    scans = {},
    invalid = [],
  } = form.from && Number(version) >= form.from.version ? { ...form, ...form.from } : form
  return { locks, rewrites: [...rewrites].sort(), scans, invalid: [...invalid].sort() }
}
