import { assertNever } from '../../shared/text/assert-never.ts'
import type { PrintedItem } from './printed-item.ts'

/** A table or view by the names that the catalog has: nothing is quoted. */
export interface RelationName {
  readonly schema: string
  readonly name: string
}

/** The name of an object, as the catalog has it: nothing is quoted. */
export interface ObjectName extends RelationName {
  /** The column, constraint, trigger, rule or policy of it; null for the whole. */
  readonly part: string | null
}

/** A type as two of them are compared. */
export interface ColumnType {
  /** Null where a statement writes none. */
  readonly schema: string | null
  /** The catalog's name of the type, or of an array's elements: `int4` for `integer`, `varchar` for `character varying`. */
  readonly name: string
  /** Numbers in brackets: the length of `varchar(20)`. */
  readonly arguments: readonly number[]
  readonly isArray: boolean
  /** As people write it; to be shown, not to be compared. */
  readonly sql: string
}

/** What code decides by. */
export type CatalogAttributes =
  | { readonly is: 'schema'; readonly name: string }
  /** Tables, views, composite types. */
  | {
      readonly is: 'relation'
      readonly name: ObjectName
      /** Whether it has columns because a parent or a type has them. */
      readonly followsAnother: boolean
    }
  | {
      readonly is: 'column'
      readonly name: ObjectName
      readonly type: ColumnType
      /** Where it stands: how the definition ends. */
      readonly tail: string | null
    }
  /** Of a table or a domain; a not-null constraint (PostgreSQL 18) is called as its column. */
  | { readonly is: 'constraint'; readonly name: ObjectName; readonly isValid: boolean }
  | {
      readonly is: 'index'
      readonly name: ObjectName
      readonly isValid: boolean
      /** What stands behind the statement that would make it. */
      readonly tail: string | null
    }
  | { readonly is: 'sequence'; readonly name: ObjectName }
  | {
      readonly is: 'type'
      readonly name: ObjectName
      /** Of an enum, in order. */
      readonly labels: readonly string[] | null
    }
  /** Triggers, rules, policies. */
  | { readonly is: 'part'; readonly name: ObjectName }
  /** Nothing is decided by what it is. */
  | { readonly is: 'other' }

/** One object of a database's schema: printed for a fingerprint and for people, and in values for code. */
export interface CatalogItem extends PrintedItem {
  /** The table or view that takes it along when it is dropped, or whose note or grant it is. */
  readonly table: RelationName | null
  readonly attributes: CatalogAttributes
}

/** The name of a relation, a type or a part of one; null for a kind of which no names are compared. */
export function nameOf({ attributes }: CatalogItem): ObjectName | null {
  switch (attributes.is) {
    case 'schema':
    case 'other':
      return null
    case 'relation':
    case 'column':
    case 'constraint':
    case 'index':
    case 'sequence':
    case 'type':
    case 'part':
      return attributes.name
    default:
      return assertNever(attributes)
  }
}

/** Whether an index can be used, and whether a constraint holds for every row; nothing else can be invalid. */
export function isValid({ attributes }: CatalogItem): boolean {
  return attributes.is === 'index' || attributes.is === 'constraint' ? attributes.isValid : true
}

/** The type of a column; null for anything else. */
export function typeOf({ attributes }: CatalogItem): ColumnType | null {
  return attributes.is === 'column' ? attributes.type : null
}

/** The values of an enum, in order; none for anything else. */
export function labelsOf({ attributes }: CatalogItem): readonly string[] {
  return attributes.is === 'type' ? (attributes.labels ?? []) : []
}

/** Whether a table has columns because a parent or a type has them. */
export function followsAnother({ attributes }: CatalogItem): boolean {
  return attributes.is === 'relation' && attributes.followsAnother
}

/** The definition without its end: that of a column without where it stands, that of an index as the statement that would make it. */
export function definitionWithoutTail({ attributes, definition }: CatalogItem): string {
  const tail = attributes.is === 'column' || attributes.is === 'index' ? attributes.tail : null
  const end = tail === null ? '' : ` ${tail}`
  return end !== '' && definition.endsWith(end) ? definition.slice(0, -end.length) : definition
}

/** Whether something is a table, or belongs to it and goes when it is dropped. */
export function belongsTo({ table }: CatalogItem, { schema, name }: RelationName): boolean {
  return table !== null && table.schema === schema && table.name === name
}
