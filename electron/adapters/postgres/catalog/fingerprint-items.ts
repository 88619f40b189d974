import type { CatalogItem } from '../../../catalog/catalog-item.ts'
import { explainGrants, selectGranted, selectGrantItems } from './fingerprint-grants.ts'
import { selectLinkItems } from './fingerprint-links.ts'
import { selectNoteItems } from './fingerprint-notes.ts'
import { selectOperatorItems } from './fingerprint-operators.ts'
import { selectRelationItems } from './fingerprint-relations.ts'
import { selectRoutineItems } from './fingerprint-routines.ts'
import { selectRuleItems } from './fingerprint-rules.ts'
import { hasTypes, selectNamedTypes, selectNoTypes, selectTypeItems } from './fingerprint-types.ts'
import { always, type FingerprintPart, isOwn, qualify } from './fingerprint-words.ts'
import { createNameRole, spellName } from './name-role.ts'
import { normalizeDefinition } from './normalize-definition.ts'

/**
 * Settings that names and expressions are printed by, for the rest of the transaction; must be a statement of its own.
 *
 * Waiting for a lock is limited: the functions that print definitions lock what they print.
 */
export const fingerprintSettings = `select count(set_config(name, value, true)) as settings
from (values ('search_path', ''), ('lock_timeout', '1s'), ('statement_timeout', '60s'), ('TimeZone', 'UTC'),
  ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('extra_float_digits', '1'), ('bytea_output', 'hex'),
  ('quote_all_identifiers', 'off'), ('standard_conforming_strings', 'on'), ('jit', 'off')) as wanted(name, value)`

/**
 * One row an object of the schema: `kind`, `ident`, `def`. No parameters and no percent sign, for any driver, and the same
 * text for PostgreSQL 14 to 18, because the migrating session sends it before anybody has asked its version.
 *
 * Left out is what belongs to the cluster or the database and not to the schema: roles, tablespaces, settings and grants
 * of the database, large objects; and what is state: statistics, positions of sequences, whether a view is filled.
 */
export function selectFingerprintItems(tenantRole: string | null, schema?: string): string {
  return composeItems(tenantRole, schema, () => true)
}

/** Asks which of the rare kinds of objects a database has; its row is for `selectPresentItems`. */
export function selectPresence(): string {
  const columns = listConditions(null).map((condition, index) => `${condition} as c${index}`)
  return `select ${columns.join(',\n  ')}`
}

/** The same items as `selectFingerprintItems`, from a statement that is shorter by whatever the database does not have. */
export function selectPresentItems(tenantRole: string | null, presence: unknown, schema?: string): string {
  const found = new Map(Object.entries(presence ?? {}))
  const present = new Set(
    listConditions(tenantRole).filter((_condition, index) => found.get(`c${index}`) !== false),
  )
  return composeItems(tenantRole, schema, when => present.has(when))
}

function listParts(tenantRole: string | null): readonly FingerprintPart[] {
  const nameRole = createNameRole(tenantRole)
  return [
    ...selectRelationItems(),
    ...selectRuleItems(nameRole),
    ...selectRoutineItems(),
    ...selectTypeItems(),
    ...selectOperatorItems(),
    ...selectLinkItems(nameRole),
    ...selectNoteItems(),
    always(selectGrantItems),
  ]
}

function listConditions(tenantRole: string | null): readonly string[] {
  const parts = [...listParts(tenantRole), ...selectGranted(createNameRole(tenantRole))]
  return [...new Set(parts.flatMap(({ when }) => when ?? []))]
}

function composeItems(
  tenantRole: string | null,
  schema: string | undefined,
  isPresent: (when: string) => boolean,
): string {
  const nameRole = createNameRole(tenantRole)
  const join = (parts: readonly FingerprintPart[]): string =>
    parts
      .filter(({ when }) => when === null || isPresent(when))
      .map(({ select }) => select)
      .join('\nunion all')
  return `with
sch as (
  select oid, nspname, nspowner, nspacl from pg_namespace
  where ${schema === undefined ? `nspname !~ '^pg_' and nspname <> 'information_schema'` : `nspname = ${spellName(schema)}`}),
ext as materialized (select classid, objid from pg_depend where deptype = 'e'),
rel as (
  select c.*, s.nspname, ${qualify('s.nspname', 'c.relname')} as fq
  from pg_class c join sch s on s.oid = c.relnamespace
  where ${isOwn('pg_class', 'c.oid')}),
typ as (${isPresent(hasTypes) ? selectNamedTypes : selectNoTypes}),
granted(k, id, own, acl) as (${join(selectGranted(nameRole))}),
explained as materialized (${explainGrants(nameRole)}),
items(kind, ident, def) as (${join(listParts(tenantRole))})
select kind::text, ident::text, def::text from items`
}

/** What a person wrote, and PostgreSQL only keeps. */
const verbatim = new Set(['comment', 'security_label'])

/** Reads the rows of `selectFingerprintItems`, from whichever driver they came. */
export function parseFingerprintItems(rows: readonly unknown[]): readonly CatalogItem[] {
  return rows.map(row => {
    const { kind, ident, def } = row as { kind: unknown; ident: unknown; def: unknown }
    const printed = String(def ?? '')
    const definition = verbatim.has(String(kind)) ? printed : normalizeDefinition(printed)
    return { kind: String(kind), ident: String(ident), definition }
  })
}
