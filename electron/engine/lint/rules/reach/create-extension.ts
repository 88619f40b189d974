import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { joinSteps } from '../../tree/safer-sql.ts'

/** Fires when a migration needs something installed on the server. */
export const createExtension: LintRule = {
  name: 'create_extension',
  title: 'Install extensions before the migration',
  why: 'Its files have to lie on every server, standbys too, and mostly only a superuser may create it.',
  remedy: 'Install it everywhere beforehand, and write IF NOT EXISTS.',
  example: { bad: 'create extension postgis', good: 'create extension if not exists postgis' },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'CreateExtensionStmt' || node.if_not_exists === true) return []
    const name = quoteName(readText(node, 'extname') ?? '')
    return [
      {
        severity: 'warning',
        objects: [name],
        message: `the extension ${name} has to be installed on every server`,
        saferSql: joinSteps(`create extension if not exists ${name}`),
      },
    ]
  },
}
