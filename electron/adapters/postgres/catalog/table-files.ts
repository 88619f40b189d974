import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { TableFile } from '../../../engine/ports/inspection.ts'
import { planNamesOf } from './narrow-to-schema.ts'

/** The file of each table: TRUNCATE and whatever else rewrites a table give it another one. */
export const selectTableFiles = `select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) as "table",
  c.oid::text as identity, pg_catalog.pg_relation_filenode(c.oid)::text as file
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`

/** Reads what `selectTableFiles` gave; tables are called as a plan calls them. */
export function readTableFiles(
  rows: readonly unknown[],
  tenant: Pick<Tenant, 'schema'>,
): readonly TableFile[] {
  const files = rows.map(row => {
    const { table, identity, file } = row as Readonly<Record<string, unknown>>
    return { table: String(table), identity: String(identity), file: String(file) }
  })
  return planNamesOf(tenant, files)
}
