import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { findConstraint } from '../../tree/column.ts'
import { cutCheck, joinSteps, nameConstraint, validateLater } from '../../tree/safer-sql.ts'
import { readAddedColumns } from '../../tree/table-commands.ts'

/** Fires when a new column brings a check on all rows. */
export const addColumnWithCheck: LintRule = {
  name: 'add_column_with_check',
  title: 'Add a column and its check apart',
  why: 'Every row is read to prove the check while reads and writes of the table are blocked.',
  remedy: 'Add the column, then the check NOT VALID, and validate it in a later migration.',
  example: {
    bad: 'alter table orders add column weight integer check (weight > 0)',
    good: 'alter table orders add column weight integer',
  },
  checkStatement(statement, context) {
    return readAddedColumns(statement).flatMap(({ table, column }) => {
      const constraint = findConstraint(column, 'check')
      if (!constraint) return []
      const name = nameConstraint(constraint, table, column.name, 'check')
      const condition = cutCheck(statement.tree.sql)
      return reportFinding(context, table, {
        message: shown => `${name} is checked against every row of ${shown}, which is locked meanwhile`,
        saferSql:
          condition === null
            ? null
            : joinSteps(
                `alter table ${table.sql} add column ${quoteName(column.name)} ${column.type.sql}`,
                validateLater(
                  `alter table ${table.sql} add constraint ${name} ${condition}`,
                  `table ${table.sql}`,
                  name,
                ),
              ),
      })
    })
  },
}
