import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { joinSteps, later } from '../../tree/safer-sql.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a constraint is validated under the lock that added it. */
export const validateInSameTransaction: LintRule = {
  name: 'validate_in_same_transaction',
  title: 'Validate constraints in a later migration',
  why: 'The lock that adding took is held until the transaction ends, so that validating blocks just as much as before.',
  remedy: 'Validate in a later migration: revisions that are migrated to together share one transaction.',
  example: {
    bad: 'alter table orders add constraint orders_total_check check (total > 0) not valid;\nalter table orders validate constraint orders_total_check',
    good: 'alter table orders validate constraint orders_total_check',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action, name }) => {
      const key = `${table.key}.${name}`
      if (action !== 'ValidateConstraint' || !context.state.transaction.unvalidated.has(key)) return []
      return reportFinding(context, table, {
        message: shown =>
          `${quoteName(name)} is validated in the transaction that adds it, which locks ${shown}`,
        saferSql: joinSteps(later, `alter table ${table.sql} validate constraint ${quoteName(name)}`),
      })
    })
  },
}
