import { listNames } from '../../../../../shared/text/plain-words.ts'
import { readNode } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readRelation } from '../../tree/relation.ts'

/** Fires when which schema a table lies in is left to the session. */
export const tableWithoutSchema: LintRule = {
  name: 'table_without_schema',
  title: 'Name the schema of a new table',
  why: 'Where a table without a schema is made depends on the search path of the role that runs the migration.',
  remedy: 'Write the schema in front of the name.',
  example: {
    bad: 'create table bills (id bigint primary key)',
    good: 'create table public.bills (id bigint primary key)',
  },
  checkStep({ statements }) {
    const bare = statements.flatMap(({ tree: { type, node } }) => {
      const table = type === 'CreateStmt' ? readRelation(readNode(node, 'relation')) : null
      const isTemporary = readNode(node, 'relation').relpersistence === 't'
      return table && table.schema === null && !isTemporary ? [table] : []
    })
    if (bare.length === 0) return []
    const names = listNames(bare.map(table => table.sql))
    const message = `${names} ${bare.length === 1 ? 'is' : 'are'} made in the first schema of the search path`
    return [{ severity: 'note', objects: bare.map(table => table.key), message }]
  },
}
