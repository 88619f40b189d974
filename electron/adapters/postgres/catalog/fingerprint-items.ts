import type { CatalogItem } from '../../../catalog/catalog-item.ts'
import type { PrintedItem } from '../../../catalog/printed-item.ts'
import { explainGrants, selectGranted, selectGrantItems } from './fingerprint-grants.ts'
import { selectLinkItems } from './fingerprint-links.ts'
import { selectNoteItems } from './fingerprint-notes.ts'
import { selectOperatorItems } from './fingerprint-operators.ts'
import { selectRelationItems } from './fingerprint-relations.ts'
import { selectRoutineItems } from './fingerprint-routines.ts'
import { selectRuleItems } from './fingerprint-rules.ts'
import { hasTypes, selectNamedTypes, selectNoTypes, selectTypeItems } from './fingerprint-types.ts'
import { described, type FingerprintPart, isOwn, qualify } from './fingerprint-words.ts'
import { createNameRole, spellName } from './name-role.ts'
import { normalizeDefinition } from './normalize-definition.ts'
import { parseAttributes } from './parse-attributes.ts'

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
 * One row an object of the schema, as it is printed: `kind`, `ident`, `def`. No parameters and no percent sign, for any driver, and the same
 * text for PostgreSQL 14 to 18, because the migrating session sends it before the version is known.
 *
 * Left out is what belongs to the cluster or the database and not to the schema: roles, tablespaces, settings and grants
 * of the database, large objects; and what is state: statistics, positions of sequences, whether a view is filled.
 */
export function selectFingerprintItems(tenantRole: string | null, schema?: string): string {
  return composeItems(tenantRole, schema, () => true, printedColumns)
}

/** Asks which of the rare kinds of objects a database has; its row is for `selectPresentItems`. */
export function selectPresence(): string {
  const columns = listConditions(null).map((condition, index) => `${condition} as c${index}`)
  return `select ${columns.join(',\n  ')}`
}

/** The same items as `selectFingerprintItems`, from a statement that is shorter by whatever the database does not have. */
export function selectPresentItems(tenantRole: string | null, presence: unknown, schema?: string): string {
  return composePresent(tenantRole, presence, schema, printedColumns)
}

/** The same items again, with what code decides by: for `parseCatalogItems`. */
export function selectCatalogItems(tenantRole: string | null, presence: unknown, schema?: string): string {
  return composePresent(tenantRole, presence, schema, allColumns)
}

function composePresent(
  tenantRole: string | null,
  presence: unknown,
  schema: string | undefined,
  columns: ItemColumns,
): string {
  const found = new Map(Object.entries(presence ?? {}))
  const present = new Set(
    listConditions(tenantRole).filter((_condition, index) => found.get(`c${index}`) !== false),
  )
  return composeItems(tenantRole, schema, when => present.has(when), columns)
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
    described(selectGrantItems),
  ]
}

function listConditions(tenantRole: string | null): readonly string[] {
  const parts = [...listParts(tenantRole), ...selectGranted(createNameRole(tenantRole))]
  return [...new Set(parts.flatMap(({ when }) => when ?? []))]
}

/** What is read of every item. */
interface ItemColumns {
  readonly names: string
  /** Brings a part to these columns. */
  choose(part: FingerprintPart): string
  readonly select: string
  /** The name of the table that goes with a relation `c`; an index and an owned sequence lie in its schema. */
  readonly home: string
}

const printedColumns: ItemColumns = {
  names: 'kind, ident, def',
  choose: ({ select, isDescribed }) =>
    isDescribed
      ? `\nselect p.kind, p.ident, p.def from (${select}) as p(kind, ident, def, nspname, home, attributes)`
      : select,
  select: 'select kind::text, ident::text, def::text from items',
  home: 'null::name',
}

const allColumns: ItemColumns = {
  names: 'kind, ident, def, nspname, home, attributes',
  choose: ({ select, isDescribed }) =>
    isDescribed ? select : `\nselect p.*, null::name, null::name, null::json from (${select}) as p`,
  select: `select kind::text, ident::text, def::text, attributes::text,
  nspname::text as table_schema, home::text as table_name
from items`,
  home: `case
    when c.relkind in ('i', 'I') then (
      select t.relname from pg_index i join pg_class t on t.oid = i.indrelid where i.indexrelid = c.oid)
    when c.relkind = 'S' then coalesce((
      select t.relname from pg_depend d join pg_class t on t.oid = d.refobjid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
        and d.refobjsubid > 0 and d.deptype in ('a', 'i')), c.relname)
    else c.relname end`,
}

function composeItems(
  tenantRole: string | null,
  schema: string | undefined,
  isPresent: (when: string) => boolean,
  columns: ItemColumns,
): string {
  const nameRole = createNameRole(tenantRole)
  const join = (
    parts: readonly FingerprintPart[],
    choose: (part: FingerprintPart) => string = ({ select }) => select,
  ): string =>
    parts
      .filter(({ when }) => when === null || isPresent(when))
      .map(choose)
      .join('\nunion all')
  return `with
sch as (
  select oid, nspname, nspowner, nspacl from pg_namespace
  where ${schema === undefined ? `nspname !~ '^pg_' and nspname <> 'information_schema'` : `nspname = ${spellName(schema)}`}),
ext as materialized (select classid, objid from pg_depend where deptype = 'e'),
rel as (
  select c.*, s.nspname, ${qualify('s.nspname', 'c.relname')} as fq, ${columns.home} as home
  from pg_class c join sch s on s.oid = c.relnamespace
  where ${isOwn('pg_class', 'c.oid')}),
typ as (${isPresent(hasTypes) ? selectNamedTypes : selectNoTypes}),
granted(k, id, own, acl, nspname, home) as (${join(selectGranted(nameRole))}),
explained as materialized (${explainGrants(nameRole)}),
items(${columns.names}) as (${join(listParts(tenantRole), columns.choose)})
${columns.select}`
}

/** What a person wrote, and PostgreSQL only keeps. */
const verbatim = new Set(['comment', 'security_label'])

/** Reads the rows of `selectFingerprintItems`, from whichever driver they came. */
export function parsePrintedItems(rows: readonly unknown[]): readonly PrintedItem[] {
  return rows.map(row => readPrinted(row as Readonly<Record<string, unknown>>))
}

function readPrinted({ kind, ident, def }: Readonly<Record<string, unknown>>): PrintedItem {
  const printed = String(def ?? '')
  const definition = verbatim.has(String(kind)) ? printed : normalizeDefinition(printed)
  return { kind: String(kind), ident: String(ident), definition }
}

/** Reads the rows of `selectCatalogItems`. */
export function parseCatalogItems(rows: readonly unknown[]): readonly CatalogItem[] {
  return rows.map(row => {
    const columns = row as Readonly<Record<string, unknown>>
    const { table_schema: schema, table_name: name } = columns
    const table = name === null ? null : { schema: String(schema), name: String(name) }
    return { ...readPrinted(columns), table, attributes: parseAttributes(columns.attributes) }
  })
}
