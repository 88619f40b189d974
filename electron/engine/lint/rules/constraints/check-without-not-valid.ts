import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { nameConstraint, validateLater } from '../../tree/safer-sql.ts'
import { readAddedConstraints } from '../../tree/table-commands.ts'

/** Fires when a check is proven on all rows while the table is locked. */
export const checkWithoutNotValid: LintRule = {
  name: 'check_without_not_valid',
  title: 'Add checks NOT VALID first',
  why: 'Every row is read while reads and writes of the table are blocked.',
  remedy:
    'Add it NOT VALID, which takes a moment, and validate it in a later migration, which blocks neither reads nor writes.',
  example: {
    bad: 'alter table orders add constraint orders_total_check check (total > 0)',
    good: 'alter table orders add constraint orders_total_check check (total > 0) not valid',
  },
  checkStatement(statement, context) {
    return ['check', 'notnull'].flatMap(kind =>
      readAddedConstraints(statement, kind).flatMap(({ table, constraint, command }) => {
        if (!constraint.scans) return []
        const name = nameConstraint(constraint, table, null, kind === 'check' ? 'check' : 'not_null')
        return reportFinding(context, table, {
          message: shown => `${name} is checked against every row of ${shown}, which is locked meanwhile`,
          saferSql: command.isAlone ? validateLater(statement.tree.sql, `table ${table.sql}`, name) : null,
        })
      }),
    )
  },
}
