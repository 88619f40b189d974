import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNameParts, readNode, readNodes, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { validateLater } from '../../tree/safer-sql.ts'

/** Fires when all tables of a domain are read under a lock. */
export const alterDomainAddConstraint: LintRule = {
  name: 'alter_domain_add_constraint',
  title: 'Add conditions to domains NOT VALID first',
  why: 'Every row of every table that uses the domain is read while writers wait.',
  remedy: 'Add it NOT VALID, and validate it in a later migration.',
  example: {
    bad: 'alter domain email add constraint email_short check (length(value) < 200)',
    good: 'alter domain email add constraint email_short check (length(value) < 200) not valid',
  },
  checkStatement({ tree: { type, node, sql } }) {
    const definition = readNode(readNode(node, 'def'), 'Constraint')
    if (type !== 'AlterDomainStmt' || node.subtype !== 'C' || definition.skip_validation === true) return []
    const domain = readNameParts(readNodes(node, 'typeName')).map(quoteName).join('.')
    const name = quoteName(readText(definition, 'conname') ?? `${domain}_check`)
    return [
      {
        severity: 'warning',
        objects: [domain],
        message: `every table that uses the domain ${domain} is read for ${name}`,
        saferSql: validateLater(sql, `domain ${domain}`, name),
      },
    ]
  },
}
