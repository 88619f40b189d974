import type { CatalogItem } from '../../../../shared/catalog-item.ts'
import { selectGrantItems } from './fingerprint-grants.ts'
import { selectRelationItems } from './fingerprint-relations.ts'
import { selectRoutineItems } from './fingerprint-routines.ts'
import { createNameRole } from './name-role.ts'

/**
 * Settings that names and expressions are printed by, for the rest of the transaction; must be a statement of its own.
 *
 * Waiting for a lock is limited: the functions that print definitions lock what they print.
 */
export const fingerprintSettings = `select count(set_config(name, value, true)) as settings
from (values ('search_path', ''), ('lock_timeout', '1s'), ('statement_timeout', '60s'), ('TimeZone', 'UTC'),
  ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('extra_float_digits', '1'), ('bytea_output', 'hex'),
  ('quote_all_identifiers', 'off'), ('standard_conforming_strings', 'on'), ('jit', 'off')) as wanted(name, value)`

/** One row an object of the schema: `kind`, `ident`, `def`. No parameters and no percent sign, for any driver. */
export function selectFingerprintItems(tenantRole: string | null): string {
  const nameRole = createNameRole(tenantRole)
  const selects = [...selectRelationItems(nameRole), ...selectRoutineItems(), selectGrantItems(nameRole)]
  return `with
sch as (
  select oid, nspname, nspowner, nspacl from pg_namespace
  where nspname !~ '^pg_' and nspname <> 'information_schema'),
ext as (select classid, objid from pg_depend where deptype = 'e'),
rel as (
  select c.*, s.nspname, quote_ident(s.nspname)||'.'||quote_ident(c.relname) as fq
  from pg_class c join sch s on s.oid = c.relnamespace
  where not exists (select 1 from ext e where e.classid = 'pg_class'::regclass and e.objid = c.oid)),
items(kind, ident, def) as (${selects.join('\nunion all')})
select kind::text, ident::text, def::text from items`
}

/** Reads the rows of `selectFingerprintItems`, from whichever driver they came. */
export function parseFingerprintItems(rows: readonly unknown[]): readonly CatalogItem[] {
  return rows.map(row => {
    const { kind, ident, def } = row as { kind: unknown; ident: unknown; def: unknown }
    return { kind: String(kind), ident: String(ident), definition: String(def ?? '') }
  })
}
