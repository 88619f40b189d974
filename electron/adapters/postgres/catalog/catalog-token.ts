import type { Tenant } from '../../../../shared/topology/topology.ts'
import { firstOwnOid } from './fingerprint-words.ts'

/** SQL that is true for what a person has made, and not initdb. */
function own(column: string): string {
  return `${column} >= ${firstOwnOid}`
}

/** Catalogs by which of their rows count; null for all of them. */
const catalogs: Readonly<Record<string, string | null>> = {
  pg_aggregate: own('aggfnoid::oid'),
  pg_am: own('oid'),
  pg_amop: own('oid'),
  pg_amproc: own('oid'),
  pg_attrdef: own('oid'),
  pg_attribute: own('attrelid'),
  pg_cast: own('oid'),
  pg_class: own('oid'),
  pg_collation: own('oid'),
  pg_constraint: own('oid'),
  pg_conversion: own('oid'),
  pg_default_acl: own('oid'),
  // Membership in an extension and the owner of a sequence stand here alone.
  pg_depend: own('objid'),
  // A comment on `public` may be a person's.
  pg_description: `${own('objoid')} or objoid = 2200`,
  pg_enum: own('oid'),
  pg_event_trigger: own('oid'),
  pg_extension: own('oid'),
  pg_foreign_data_wrapper: own('oid'),
  pg_foreign_server: own('oid'),
  pg_foreign_table: own('ftrelid'),
  pg_index: own('indexrelid'),
  pg_inherits: own('inhrelid'),
  pg_language: own('oid'),
  // A person may alter `public`.
  pg_namespace: null,
  pg_opclass: own('oid'),
  pg_operator: own('oid'),
  pg_opfamily: own('oid'),
  pg_partitioned_table: own('partrelid'),
  pg_policy: own('oid'),
  pg_proc: own('oid'),
  pg_publication: own('oid'),
  pg_publication_rel: own('oid'),
  pg_range: own('rngtypid'),
  pg_rewrite: own('oid'),
  pg_seclabel: null,
  pg_sequence: own('seqrelid'),
  pg_statistic_ext: own('oid'),
  pg_transform: own('oid'),
  pg_trigger: own('oid'),
  pg_ts_config: own('oid'),
  pg_ts_config_map: own('mapcfg'),
  pg_ts_dict: own('oid'),
  pg_ts_parser: own('oid'),
  pg_ts_template: own('oid'),
  pg_type: own('oid'),
}

/** The others are counters that VACUUM, ANALYZE and the rewriting of a table move. */
const classColumns = [
  ...['oid', 'relname', 'relnamespace', 'reltype', 'reloftype', 'relowner', 'relam', 'reltablespace'],
  ...['reltoastrelid', 'relpersistence', 'relkind', 'relchecks', 'relrowsecurity', 'relforcerowsecurity'],
  ...['relreplident', 'relispartition', 'relacl', 'reloptions', 'relpartbound'],
]

function listContents(): readonly string[] {
  return Object.entries(catalogs).map(([catalog, isOwn], index) => {
    const row = catalog === 'pg_class' ? `row(${classColumns.join(', ')})` : 'c'
    const where = isOwn === null ? '' : ` where ${isOwn}`
    return `select ${index} as catalog, ${row}::text as content from ${catalog} c${where}`
  })
}

/** Of these an ordinary role sees a part; roles and tablespaces are those of the whole cluster, which are printed by name. */
function listReadable(): readonly string[] {
  return [
    sum('oid::text||rolname', 'from pg_roles'),
    sum('oid::text||spcname', 'from pg_tablespace'),
    sum(
      `concat_ws(' ', subname, subpublications, subbinary, substream, subsynccommit)`,
      'from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())',
    ),
    sum(`concat_ws(' ', srvname, umuser, umoptions)`, 'from pg_user_mappings'),
  ]
}

function sum(words: string, from: string): string {
  return `(select count(*)||' '||coalesce(sum(hashtextextended(${words}, 0)), 0) ${from})`
}

/**
 * One row, `token`: a short text that moves with every change of what a fingerprint is made of.
 *
 * It condenses the rows of the catalogs as they are stored, which is read several times faster than they are printed. So
 * equal tokens of one database mean an unchanged schema, also on its physical standbys. Tokens of two databases cannot
 * be compared: what is stored refers to objects by their OIDs.
 */
export const selectCatalogToken = `select concat_ws(' ', current_setting('server_version_num'), count(*),
  sum(hashtextextended(content, catalog)),
  ${listReadable().join(',\n  ')}) as token
from (
${listContents().join('\nunion all ')}) contents`

/**
 * The token of a tenant that is a database; null for one that is a schema.
 *
 * Of hundreds of schemas in one database each would read the catalogs of all, and the migration of one moves the token of all.
 */
export function selectTokenOf({ schema }: Pick<Tenant, 'schema'>): string | null {
  return schema === undefined ? selectCatalogToken : null
}
