import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { nameConstraint } from '../../tree/safer-sql.ts'
import { readAddedConstraints } from '../../tree/table-commands.ts'

/** Fires when an exclusion constraint is built under a lock. */
export const exclusionConstraint: LintRule = {
  name: 'exclusion_constraint',
  title: 'Add exclusion constraints while a table is small',
  why: 'Its index is built and every row compared while reads and writes of the table are blocked; it cannot be added NOT VALID.',
  remedy:
    'Add it when the table is made, or in a maintenance window; a trigger can keep new rows apart meanwhile.',
  example: {
    bad: 'alter table orders add constraint orders_once exclude using gist (customer_id with =)',
    good: 'create table stays (room bigint, during tstzrange, exclude using gist (during with &&))',
  },
  checkStatement(statement, context) {
    return readAddedConstraints(statement, 'exclusion').flatMap(({ table, constraint }) =>
      reportFinding(context, table, {
        message: shown =>
          `every row of ${shown} is compared for ${nameConstraint(constraint, table, null, 'excl')} while it is locked`,
      }),
    )
  },
}
