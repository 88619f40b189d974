import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { nameConstraint, validateLater } from '../../tree/safer-sql.ts'
import { readAddedConstraints } from '../../tree/table-commands.ts'

/** Fires when a foreign key is checked against all rows while both tables are locked. */
export const foreignKeyWithoutNotValid: LintRule = {
  name: 'foreign_key_without_not_valid',
  title: 'Add foreign keys NOT VALID first',
  why: 'Every row is checked while writes to both tables are blocked.',
  remedy:
    'Add it NOT VALID, which takes a moment, and validate it in a later migration, which blocks neither reads nor writes.',
  example: {
    bad: 'alter table orders add constraint orders_customer_fkey foreign key (customer_id) references customers (id)',
    good: 'alter table orders add constraint orders_customer_fkey foreign key (customer_id) references customers (id) not valid',
  },
  checkStatement(statement, context) {
    return readAddedConstraints(statement, 'foreign').flatMap(({ table, constraint, command }) => {
      if (!constraint.scans) return []
      const name = nameConstraint(constraint, table, null, 'fkey')
      const parent = constraint.references?.sql ?? 'its parent'
      return reportFinding(context, table, {
        message: shown =>
          `${name} is checked against every row of ${shown} while it and ${parent} take no writes`,
        objects: constraint.references ? [constraint.references.key] : [],
        saferSql: command.isAlone ? validateLater(statement.tree.sql, `table ${table.sql}`, name) : null,
      })
    })
  },
}
