import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNameParts, readNode, readNodes } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readConstraint } from '../../tree/constraint.ts'

/** Fires when a new domain holds a condition. */
export const domainWithConstraint: LintRule = {
  name: 'domain_with_constraint',
  title: 'Put conditions on columns, not on domains',
  why: 'A condition of a domain cannot be changed without reading every table that uses it, under a lock.',
  remedy: 'Use the plain type, with a check on the column.',
  example: {
    bad: "create domain email as text check (value like '%@%')",
    good: 'create domain email as text',
  },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'CreateDomainStmt') return []
    const holds = readNodes(node, 'constraints').some(item => {
      const { kind } = readConstraint(readNode(item, 'Constraint'))
      return kind === 'check' || kind === 'notnull'
    })
    const name = readNameParts(readNodes(node, 'domainname')).map(quoteName).join('.')
    return holds
      ? [{ severity: 'note', objects: [name], message: `the domain ${name} holds a condition` }]
      : []
  },
}
