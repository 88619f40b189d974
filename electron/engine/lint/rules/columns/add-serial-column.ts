import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { serialTypes } from '../../tree/column-type.ts'
import { nameRelation } from '../../tree/relation.ts'
import { joinSteps } from '../../tree/safer-sql.ts'
import { readAddedColumns } from '../../tree/table-commands.ts'

/** Fires when every row gets a number under a lock. */
export const addSerialColumn: LintRule = {
  name: 'add_serial_column',
  title: 'Add no serial column to a table with rows',
  why: 'Every row gets a number, so that the whole table is rewritten while it is locked.',
  remedy: 'Add a plain column, let a sequence number new rows, and fill the old ones in portions.',
  example: {
    bad: 'alter table orders add column number bigserial',
    good: 'alter table orders add column number bigint',
  },
  checkStatement(statement, context) {
    return readAddedColumns(statement).flatMap(({ table, column }) => {
      const type = serialTypes.get(column.type.name)
      if (type === undefined) return []
      const name = quoteName(column.name)
      const sequence = nameRelation(table.schema, `${table.name}_${column.name}_seq`)
      return reportFinding(context, table, {
        message: shown => `numbering ${name} rewrites all of ${shown} while it is locked`,
        saferSql: joinSteps(
          `alter table ${table.sql} add column ${name} ${type}`,
          `create sequence ${sequence.sql} as ${type} owned by ${table.sql}.${name}`,
          `alter table ${table.sql} alter column ${name} set default nextval('${sequence.sql.replaceAll("'", "''")}')`,
          '-- fill the old rows, in portions',
        ),
      })
    })
  },
}
