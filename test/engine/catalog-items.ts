import type {
  CatalogAttributes,
  CatalogItem,
  ColumnType,
  ObjectName,
} from '../../electron/catalog/catalog-item.ts'
import { splitName } from '../../shared/sql/quote-name.ts'

/** What a test says of an item besides its name and definition. */
export interface ItemValues {
  readonly isValid?: boolean
  readonly labels?: readonly string[]
  readonly followsAnother?: boolean
  readonly tail?: string
  /** The table of an index, as it is printed. */
  readonly of?: string
}

/** An item as the catalog would give it; a column's type is how its definition begins. */
export function item(kind: string, ident: string, definition = '', values: ItemValues = {}): CatalogItem {
  const [schema = '', name = '', part = null] = splitName(ident)
  const [ofSchema = schema, ofName = name] = values.of === undefined ? [] : splitName(values.of)
  const attributes = describe(kind, { schema, name, part }, definition, values)
  const end = values.tail === undefined ? '' : ` ${values.tail}`
  const isAbout =
    kind !== 'schema' && kind !== 'type' && (attributes.is !== 'other' || values.of !== undefined)
  const table = isAbout ? { schema: ofSchema, name: ofName } : null
  return { kind, ident, definition: definition + end, table, attributes }
}

function describe(
  kind: string,
  name: ObjectName,
  definition: string,
  {
    isValid = true,
    labels,
    followsAnother = false,
    tail = null,
  }: Omit<ItemValues, 'tail'> & {
    readonly tail?: string | null
  },
): CatalogAttributes {
  switch (kind) {
    case 'schema':
      return { is: 'schema', name: name.schema }
    case 'table':
    case 'view':
      return { is: 'relation', name, followsAnother }
    case 'column':
      return { is: 'column', name, type: columnType(definition.replace(/ not null.*/, '')), tail }
    case 'constraint':
      return { is: 'constraint', name, isValid }
    case 'index':
      return { is: 'index', name, isValid, tail }
    case 'sequence':
      return { is: 'sequence', name }
    case 'type':
      return { is: 'type', name, labels: labels ?? null }
    case 'trigger':
      return { is: 'part', name }
    default:
      return { is: 'other' }
  }
}

const names: Readonly<Record<string, string>> = {
  smallint: 'int2',
  integer: 'int4',
  bigint: 'int8',
  'character varying': 'varchar',
  'bit varying': 'varbit',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
}

/** A type by how `format_type` prints it. */
export function columnType(sql: string): ColumnType {
  const numbers = /\(([\d,]+)\)/.exec(sql)?.[1]
  const bare = sql.replace(/\[\]$/, '').replace(/\([\d,]+\)/, '')
  const [name = '', schema = 'pg_catalog'] = splitName(bare).toReversed()
  return {
    schema,
    name: names[name] ?? name,
    arguments: numbers?.split(',').map(Number) ?? [],
    isArray: sql.endsWith('[]'),
    sql,
  }
}
