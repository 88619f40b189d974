import { assertNever } from '../../../../shared/text/assert-never.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { CatalogAttributes, CatalogItem, RelationName } from '../../../catalog/catalog-item.ts'
import type { PrintedItem } from '../../../catalog/printed-item.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'

/** What all share is called so, because a tenant's own schema is called `public`, as a plan calls what has no schema. */
const shared = '{public}'

/** Calls a tenant's own schema `public`, in items and in names that PostgreSQL has printed: so tenants with a schema each compare equal. */
export interface SchemaNarrower {
  /** Keeps what lies in the schema or is about it. */
  printed(items: readonly PrintedItem[]): readonly PrintedItem[]
  /** The same, for their values too. */
  items(items: readonly CatalogItem[]): readonly CatalogItem[]
  /** Keeps names that lie in the schema. */
  names(names: readonly string[]): readonly string[]
}

/** A tenant that is a database is all of it; one that is a schema is what lies in there. */
export function narrowTo(schema: string | undefined): SchemaNarrower {
  if (schema === undefined) return { printed: items => items, items: items => items, names: names => names }
  const own = printedForms(schema).map(escapePattern).join('|')
  const isOwn = new RegExp(`${notBefore}(?:${own})(?=\\.|$)`, 'u')
  const rename = (text: string): string =>
    renameSchema(renameSchema(text, 'public', shared), schema, 'public')
  const renameIdent = (ident: string): string =>
    rename(ident).replace(new RegExp(`${notBefore}(?:${own})$`, 'u'), 'public')
  const isKept = ({ ident }: PrintedItem): boolean => isOwn.test(ident)
  const renamePrinted = ({ kind, ident, definition }: PrintedItem): PrintedItem => ({
    kind,
    ident: renameIdent(ident),
    definition: rename(definition),
  })
  const call = (name: string): string => (name === schema ? 'public' : name === 'public' ? shared : name)
  return {
    printed: items => items.filter(isKept).map(renamePrinted),
    items: items =>
      items.filter(isKept).map(item => ({
        ...renamePrinted(item),
        table: item.table && callIn(item.table, call),
        attributes: callAttributes(item.attributes, call, rename),
      })),
    names: names => names.filter(name => isOwn.test(name)).map(rename),
  }
}

function callIn<Name extends RelationName>(name: Name, call: (schema: string) => string): Name {
  return { ...name, schema: call(name.schema) }
}

/** Attributes by the names that a plan uses; what is printed in them is renamed as all that is printed. */
function callAttributes(
  attributes: CatalogAttributes,
  call: (schema: string) => string,
  rename: (text: string) => string,
): CatalogAttributes {
  switch (attributes.is) {
    case 'other':
      return attributes
    case 'schema':
      return { ...attributes, name: call(attributes.name) }
    case 'column': {
      const { name, type, tail } = attributes
      const schema = type.schema === null ? null : call(type.schema)
      return {
        ...attributes,
        name: callIn(name, call),
        type: { ...type, schema, sql: rename(type.sql) },
        tail: tail === null ? null : rename(tail),
      }
    }
    case 'index': {
      const { name, tail } = attributes
      return { ...attributes, name: callIn(name, call), tail: tail === null ? null : rename(tail) }
    }
    case 'relation':
    case 'constraint':
    case 'sequence':
    case 'type':
    case 'part':
      return { ...attributes, name: callIn(attributes.name, call) }
    default:
      return assertNever(attributes)
  }
}

/** Calls names as a plan does, where a tenant is a schema. */
export function callAsPlanned({ schema }: Pick<Tenant, 'schema'>): (name: string) => string {
  return schema === undefined ? name => name : name => renameSchema(name, schema, 'public')
}

/** What only ends alike is another name. */
const notBefore = '(?<![\\p{L}\\p{N}_$".])'

/** Renames a schema where it qualifies a name, and in the search path of a function. */
function renameSchema(text: string, from: string, to: string): string {
  const printed = printedForms(from).map(escapePattern).join('|')
  const inPath = new RegExp(`(?<=[ ,])(?:'${escapePattern(from)}'|${printed})(?=,|$)`, 'gu')
  return text
    .replace(new RegExp(`${notBefore}(?:${printed})(?=\\.)`, 'gu'), to)
    .replace(/^( *SET search_path TO .*)$/gmu, line => line.replace(inPath, to))
}

/** As `quote_ident` may print it: a keyword is quoted although it looks plain. */
function printedForms(name: string): readonly string[] {
  const quoted = quoteIdentifier(name)
  return /^[a-z_][a-z0-9_]*$/.test(name) ? [name, quoted] : [quoted]
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/**
 * The names under which a tenant that is a schema may hold what a plan names: a plan that names no schema means its own
 * first, and then what all share.
 */
export function ownNamesOf({ schema }: Pick<Tenant, 'schema'>, tables: readonly string[]): readonly string[] {
  if (schema === undefined) return tables
  const own = `${quoteIdentifier(schema)}.`
  return tables.flatMap(table =>
    table.startsWith('public.') ? [own + table.slice('public.'.length), table] : [table],
  )
}

/** Calls tables of a tenant's own schema as a plan does, and leaves out tables of the same name that they hide. */
export function planNamesOf<Row extends { readonly table: string }>(
  { schema }: Pick<Tenant, 'schema'>,
  rows: readonly Row[],
): readonly Row[] {
  if (schema === undefined) return rows
  const forms = printedForms(schema).map(form => `${form}.`)
  const own = rows.flatMap(row => {
    const form = forms.find(start => row.table.startsWith(start))
    return form === undefined ? [] : [{ ...row, table: `public.${row.table.slice(form.length)}` }]
  })
  const hidden = new Set([
    ...own.map(row => row.table),
    ...rows.filter(row => forms.some(start => row.table.startsWith(start))).map(row => row.table),
  ])
  return [...own, ...rows.filter(row => !hidden.has(row.table))]
}
