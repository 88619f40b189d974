import type { FindingSeverity } from '../../../../shared/analysis/finding.ts'
import type { InlineWaiver, LintStatement, LintStep } from '../statements/lint-statement.ts'
import type { CatalogFacts } from './catalog-facts.ts'
import type { RouteState } from './route-state.ts'

/** Something that a rule saw in one statement. */
export interface RuleFinding {
  readonly severity: FindingSeverity
  /** Qualified names of the objects concerned. */
  readonly objects: readonly string[]
  /** What is wrong, in one sentence with the object's name. */
  readonly message: string
  /** The same change in a safer form. */
  readonly saferSql?: string
  /** Where the rule's own remedy does not fit. */
  readonly remedy?: string
  /** The statement, where a rule looks at a whole revision. */
  readonly at?: LintStatement
  /** Where it stands, if that is not where its statement begins. */
  readonly line?: number | null
}

/** An inline waiver, once all else has been examined. */
export interface JudgedWaiver extends InlineWaiver {
  /** Whether there was something to accept. */
  readonly isUsed: boolean
}

/** What is known besides the statement itself. */
export interface LintContext {
  readonly schema: CatalogFacts
  /** What the statements before it did, in the same route. */
  readonly state: RouteState
}

/**
 * Something that migrations should not do: a value in its own file, listed in `all-rules.ts`.
 *
 * `example.bad` is stopped by the rule and `example.good` is not; both are tested.
 */
export interface LintRule {
  /** What waivers call it. */
  readonly name: string
  /** One line that says what it asks for. */
  readonly title: string
  readonly why: string
  readonly remedy: string
  readonly example: { readonly bad: string; readonly good: string }
  checkStatement?(statement: LintStatement, context: LintContext): readonly RuleFinding[]
  /** For what can only be said of a revision as a whole. */
  checkStep?(step: LintStep, context: LintContext): readonly RuleFinding[]
  /** For what is wrong with the waivers of a revision. */
  checkWaivers?(waivers: readonly JudgedWaiver[], rules: readonly string[]): readonly RuleFinding[]
}
