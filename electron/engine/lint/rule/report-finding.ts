import type { FindingSeverity } from '../../../../shared/analysis/finding.ts'
import type { Relation } from '../tree/relation.ts'
import type { LintContext, RuleFinding } from './lint-rule.ts'

/** What a rule says of a table that is there already. */
export interface TableFinding {
  /** The message, with the table's name and size in the place where it belongs. */
  readonly message: (table: string) => string
  readonly saferSql?: string | null
  readonly remedy?: string
  /** Objects besides the table. */
  readonly objects?: readonly string[]
  /** The most that this can weigh, whatever the size; `error` when not given. */
  readonly atMost?: FindingSeverity
  /** The least that this weighs, whatever the size; `note` when not given. */
  readonly atLeast?: FindingSeverity
}

const order: readonly FindingSeverity[] = ['note', 'warning', 'error']

/** Makes a hit as heavy as the table is large; nothing for a table that this plan makes itself. */
export function reportFinding(
  context: LintContext,
  table: Relation,
  hit: TableFinding,
): readonly RuleFinding[] {
  if (context.state.isNew(table.key)) return []
  const { severity, words } = context.schema.weigh(table.key)
  return [
    {
      severity: within(severity, hit.atLeast ?? 'note', hit.atMost ?? 'error'),
      objects: [table.key, ...(hit.objects ?? [])],
      message: hit.message(`${table.sql} (${words})`),
      ...(hit.saferSql ? { saferSql: hit.saferSql } : {}),
      ...(hit.remedy === undefined ? {} : { remedy: hit.remedy }),
    },
  ]
}

function within(severity: FindingSeverity, least: FindingSeverity, most: FindingSeverity): FindingSeverity {
  const place = Math.min(Math.max(order.indexOf(severity), order.indexOf(least)), order.indexOf(most))
  return order[place] ?? severity
}

/** The heavier of two severities. */
export function heavier(a: FindingSeverity, b: FindingSeverity): FindingSeverity {
  return order.indexOf(a) >= order.indexOf(b) ? a : b
}
