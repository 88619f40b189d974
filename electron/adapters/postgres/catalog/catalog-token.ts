import { firstOwnOid } from './fingerprint-words.ts'

/** Catalogs by the column that tells a person's rows from those of initdb; null where every row counts. */
const catalogs: Readonly<Record<string, string | null>> = {
  pg_aggregate: 'aggfnoid::oid',
  pg_am: 'oid',
  pg_amop: 'oid',
  pg_amproc: 'oid',
  pg_attrdef: 'oid',
  pg_attribute: 'attrelid',
  pg_cast: 'oid',
  pg_class: 'oid',
  pg_collation: 'oid',
  pg_constraint: 'oid',
  pg_conversion: 'oid',
  pg_default_acl: 'oid',
  // Membership in an extension and the owner of a sequence stand here alone.
  pg_depend: 'objid',
  pg_enum: 'oid',
  pg_event_trigger: 'oid',
  pg_extension: 'oid',
  pg_foreign_data_wrapper: 'oid',
  pg_foreign_server: 'oid',
  pg_foreign_table: 'ftrelid',
  pg_index: 'indexrelid',
  pg_inherits: 'inhrelid',
  pg_language: 'oid',
  // A person may alter `public`.
  pg_namespace: null,
  pg_opclass: 'oid',
  pg_operator: 'oid',
  pg_opfamily: 'oid',
  pg_partitioned_table: 'partrelid',
  pg_policy: 'oid',
  pg_proc: 'oid',
  pg_publication: 'oid',
  pg_publication_rel: 'oid',
  pg_range: 'rngtypid',
  pg_rewrite: 'oid',
  pg_seclabel: null,
  pg_sequence: 'seqrelid',
  pg_statistic_ext: 'oid',
  pg_transform: 'oid',
  pg_trigger: 'oid',
  pg_ts_config: 'oid',
  pg_ts_config_map: 'mapcfg',
  pg_ts_dict: 'oid',
  pg_ts_parser: 'oid',
  pg_ts_template: 'oid',
  pg_type: 'oid',
}

function listVersioned(): readonly string[] {
  return [...Object.entries(catalogs), ['pg_description', 'objoid'] as const].map(([catalog, own], index) => {
    const where = own === null ? '' : ` where ${own} >= ${firstOwnOid}`
    return `select ${index} as catalog, xmin, ctid from ${catalog}${where}`
  })
}

/** Of these an ordinary role may not see row versions; their names and what is printed of them are few. */
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
 * It condenses the row versions (`xmin`, `ctid`) of the catalogs, which are the same on a physical standby, stay as they are
 * under VACUUM, ANALYZE and freezing, and move with every DDL. So equal tokens of one database mean an unchanged schema;
 * other tokens mean nothing: a rewritten table moves them too. Tokens of two databases cannot be compared.
 */
export const selectCatalogToken = `select concat_ws(' ', count(*), sum(hashtextextended(concat(catalog, xmin, ctid), 0)),
  ${listReadable().join(',\n  ')}) as token
from (
${listVersioned().join('\nunion all ')}) versions`
