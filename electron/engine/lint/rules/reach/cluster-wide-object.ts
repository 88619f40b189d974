import { shortenText } from '../../../../../shared/text/plain-words.ts'
import { findReach } from '../../../../sql/find-reach.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a migration of one tenant changes what all tenants share. */
export const clusterWideObject: LintRule = {
  name: 'cluster_wide_object',
  title: 'Change nothing that tenants share',
  why: 'Roles, databases, tablespaces and settings of the server belong to all: the second tenant of a server fails on them.',
  remedy: 'Change them by hand or with your provisioning, once for each server.',
  example: { bad: 'create role reporting', good: 'grant select on orders to reporting' },
  checkStatement({ tree: { type, node, sql } }) {
    // A database that goes has a rule of its own.
    const reach = type === 'DropdbStmt' ? null : findReach(type, node)
    if (reach === null) return []
    const message =
      reach.scope === 'outside'
        ? `${shortenText(sql, 60)} reaches beyond the server: it ${reach.what}`
        : `${shortenText(sql, 60)} concerns the whole server, not one tenant`
    return [{ severity: 'warning', objects: [], message }]
  },
}
