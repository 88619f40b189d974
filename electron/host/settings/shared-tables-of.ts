import type { TenantsConfig } from '../../config/project-config.ts'
import { tenancyModelOf } from '../../config/tenancy-model.ts'
import type { SharedTables } from '../../engine/ports/gate-facts.ts'
import { matchNames } from '../../engine/topology/match-names.ts'

/** Tables that all tenants may read and that belong to none: what has been applied. */
const versionTables = ['*.alembic_version', '*.lockstep_version']

/** How rows of tenants are told apart, as the project file says; null where tenants are databases or schemas. */
export function sharedTablesOf(tenants: TenantsConfig, versionTable: string | null): SharedTables | null {
  const { rls } = tenants
  if (!rls || tenancyModelOf(tenants) !== 'shared') return null
  const ours = [...versionTables, ...(versionTable === null ? [] : [`*.${versionTable}`])]
  const judged = rls.tables ?? '*'
  const lookups = rls.lookup ?? []
  return {
    column: rls.column,
    setting: rls.setting,
    isJudged: table => isNamed(table, judged) && !isNamed(table, ours),
    isLookup: table => isNamed(table, lookups),
    tenants: rls.tenants ?? null,
    query: rls.query ?? null,
  }
}

/** A pattern means the table in any schema, or the table of one where it names the schema. */
function isNamed(table: string, patterns: string | readonly string[]): boolean {
  const bare = table.slice(table.indexOf('.') + 1)
  return matchNames([table, bare], patterns).length > 0
}
