import { shortenText } from '../../../../../shared/text/plain-words.ts'
import { readNode, readNodes } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when every role gets a right. */
export const grantToPublic: LintRule = {
  name: 'grant_to_public',
  title: 'Grant to roles, not to PUBLIC',
  why: 'Every role of the server has it from then on, those of other tenants and those yet to be made too.',
  remedy: 'Grant it to the role that needs it.',
  example: { bad: 'grant select on orders to public', good: 'grant select on orders to reporting' },
  checkStatement({ tree: { type, node, tables, sql } }) {
    const grant = type === 'AlterDefaultPrivilegesStmt' ? readNode(node, 'action') : node
    if ((type !== 'GrantStmt' && type !== 'AlterDefaultPrivilegesStmt') || grant.is_grant !== true) return []
    const reaches = readNodes(grant, 'grantees').some(
      item => readNode(item, 'RoleSpec').roletype === 'ROLESPEC_PUBLIC',
    )
    return reaches
      ? [{ severity: 'warning', objects: tables, message: `${shortenText(sql, 80)} reaches every role` }]
      : []
  },
}
