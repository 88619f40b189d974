import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNameParts, readNode, readNodes } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { joinSteps } from '../../tree/safer-sql.ts'
import { hasOption } from '../../tree/statement-options.ts'

/** Fires when a function runs with its owner's rights in its caller's search path. */
export const securityDefinerWithoutSearchPath: LintRule = {
  name: 'security_definer_without_search_path',
  title: 'Give SECURITY DEFINER functions a search path',
  why: "Its caller chooses which tables and functions its names mean, and they run with the owner's rights.",
  remedy: 'Add SET search_path with the schemas that it needs and pg_temp at the end.',
  example: {
    bad: "create function pay() returns void security definer language sql as 'select 1'",
    good: "create function pay() returns void security definer set search_path = public, pg_temp language sql as 'select 1'",
  },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'CreateFunctionStmt' || !hasOption(node, 'security')) return []
    const setsPath = readNodes(node, 'options').some(item => {
      const setting = readNode(readNode(readNode(item, 'DefElem'), 'arg'), 'VariableSetStmt')
      return setting.name === 'search_path'
    })
    if (setsPath) return []
    const name = readNameParts(readNodes(node, 'funcname')).map(quoteName).join('.')
    return [
      {
        severity: 'warning',
        objects: [name],
        message: `${name}() runs with its owner's rights in its caller's search path`,
        saferSql: joinSteps(`alter function ${name} set search_path = public, pg_temp`),
      },
    ]
  },
}
