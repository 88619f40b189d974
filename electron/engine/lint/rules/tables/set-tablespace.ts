import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a table is copied to another disk under a lock. */
export const setTablespace: LintRule = {
  name: 'set_tablespace',
  title: 'Move no table to another tablespace',
  why: 'The whole table is copied while reads and writes are blocked, and all of it is sent to the standbys.',
  remedy: 'Use pg_repack with a tablespace, which works beside running queries.',
  example: {
    bad: 'alter table orders set tablespace fast',
    good: 'create table bills (id bigint) tablespace fast',
  },
  checkStatement(statement, context) {
    const { type, node } = statement.tree
    if (type === 'AlterTableMoveAllStmt') {
      const from = quoteName(readText(node, 'orig_tablespacename') ?? '')
      return [
        { severity: 'error', objects: [from], message: `everything in the tablespace ${from} is copied` },
      ]
    }
    return readTableCommands(statement).flatMap(({ table, action }) =>
      action === 'SetTableSpace'
        ? reportFinding(context, table, { message: shown => `all of ${shown} is copied while it is locked` })
        : [],
    )
  },
}
