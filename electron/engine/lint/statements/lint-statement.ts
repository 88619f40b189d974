import type { PlannedStep } from '../../../../shared/plan/plan.ts'
import type { BlockArm, ParsedSql, UnseenCode } from '../../ports/sql-parser.ts'

/** A comment in the sources that accepts what a rule finds. */
export interface InlineWaiver {
  readonly rule: string
  /** Empty when none is given; the waiver then counts for nothing. */
  readonly reason: string
  /** Line of the file; null when that is not known. */
  readonly line: number | null
}

/** One statement of a plan as the rules see it. */
export interface LintStatement {
  readonly tree: ParsedSql
  readonly step: PlannedStep
  /** Index in the step. */
  readonly index: number
  /** Path of the file that it stands in. */
  readonly file: string
  /** Line of the file on which it begins; null when that is not known. */
  readonly line: number | null
  /** Waivers that speak of it. */
  readonly waivers: readonly InlineWaiver[]
  /** The way to it through a `do` block; null for what stands in none. */
  readonly path: readonly BlockArm[] | null
  /** Code that stands here and is not seen; its tree is then empty, or that of the whole block. */
  readonly unseen: UnseenCode | null
}

/** One revision as the rules see it. */
export interface LintStep {
  readonly step: PlannedStep
  readonly statements: readonly LintStatement[]
  /** Whether a rehearsal gave the statements, since they cannot be shown beforehand. */
  readonly wasTraced: boolean
  /** Every waiver of its file. */
  readonly waivers: readonly InlineWaiver[]
}
