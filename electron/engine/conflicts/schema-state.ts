import { splitName } from '../../../shared/sql/quote-name.ts'
import {
  type CatalogItem,
  type ColumnType,
  followsAnother,
  labelsOf,
  nameOf,
  typeOf,
} from '../../catalog/catalog-item.ts'
import type { TableShape } from '../ports/schema-facts.ts'
import type { Effect } from './effect.ts'
import { keyOf, type NamedObject, nameObject, type ObjectKind, ownerOf } from './named-object.ts'

/** Whether an object is there: `unknown` where that is not certain. */
export type Presence = 'there' | 'missing' | 'unknown'

/** What a class of tenants holds before the first statement. */
export interface StartingSchema {
  readonly items: readonly CatalogItem[]
  readonly shapes: readonly TableShape[]
  /** The schema that names without one belong to; null when that is not known. */
  readonly defaultSchema: string | null
  /** False where the migration's own code opens the session, and may set another path. */
  readonly isOwnSession: boolean
  /** True where other schemas of the database hold what is not listed here. */
  readonly sharesDatabase?: boolean
}

/** The kinds of a fingerprint that are relations, types or parts of them. */
const kinds: ReadonlyMap<string, ObjectKind> = new Map([
  ['table', 'relation'],
  ['foreign_table', 'relation'],
  ['view', 'view'],
  ['matview', 'view'],
  ['sequence', 'sequence'],
  ['index', 'index'],
  ['column', 'column'],
  ['constraint', 'constraint'],
  ['trigger', 'trigger'],
  ['policy', 'policy'],
  ['type', 'type'],
  ['composite', 'type'],
  ['schema', 'schema'],
])

/** What is known of an object that is there. */
interface HeldObject {
  readonly kind: ObjectKind
  /** Of a column. */
  readonly type: ColumnType | null
}

/** Follows a schema through the statements of a route. */
export class SchemaState {
  readonly #there = new Map<string, HeldObject>()
  /** Relations of each bare name, to see where else an unqualified name could be. */
  readonly #named = new Map<string, Set<string>>()
  /** Tables of which not every column and constraint is known. */
  readonly #open = new Set<string>()
  readonly #hidden = new Set<string>()
  readonly #defaultSchema: string
  readonly #isPlain: boolean
  readonly #hasExtensions: boolean
  #isClear = true
  #hasInvented = false

  constructor({ items, shapes, defaultSchema, isOwnSession, sharesDatabase = false }: StartingSchema) {
    this.#defaultSchema = defaultSchema ?? 'public'
    this.#hasExtensions = sharesDatabase || items.some(item => item.kind === 'extension')
    const schemas = new Set<string>()
    for (const item of items) {
      const object = readObject(item)
      if (!object) continue
      if (object.kind === 'schema') schemas.add(object.name)
      this.#put(object, typeOf(item))
      // What happens to a parent happens to its children too.
      if (followsAnother(item)) this.#open.add(this.#key(object))
      for (const label of labelsOf(item)) this.#put({ ...object, kind: 'enum value', part: label })
    }
    for (const { table, constraints } of shapes) {
      const owner = readTable(table)
      if (!owner) continue
      for (const { name } of constraints) this.#put({ ...owner, kind: 'constraint', part: name })
    }
    // Where there are several schemas, a search path may lead to any of them.
    this.#isPlain = defaultSchema !== null && (isOwnSession || schemas.size <= 1)
  }

  /** False once something was run whose effect is not known. */
  get isClear(): boolean {
    return this.#isClear
  }

  /** How much a finding about an object that is there weighs: an error only where it is surely this one. */
  weigh(object: NamedObject): 'error' | 'warning' {
    const isThisOne = object.schema !== null || object.kind === 'schema' || this.#isPlain
    const isWhole = object.part === null || !this.#open.has(this.#key(ownerOf(object)))
    return this.#isClear && isThisOne && isWhole ? 'error' : 'warning'
  }

  look(object: NamedObject): Presence {
    const { kind, schema, name, part } = object
    if (isSystemName(schema) || (schema === null && isSystemName(name))) return 'unknown'
    if (schema === null && this.#hidden.has(name)) return 'unknown'
    if (this.#there.has(this.#key(object))) return 'there'
    if (part !== null && kind !== 'enum value') {
      const owner = ownerOf(object)
      if (this.look(owner) !== 'there') return 'unknown'
      if (this.#open.has(this.#key(owner)) || (kind === 'column' && systemColumns.has(part))) return 'unknown'
      if (kind === 'constraint' && this.#hasInvented) return 'unknown'
      return 'missing'
    }
    if (kind === 'enum value')
      return this.look(nameObject('type', schema, name)) === 'there' ? 'missing' : 'unknown'
    if (this.#hasExtensions && kind !== 'schema') return 'unknown'
    // A search path can lead to any schema that has something of this name.
    if (schema === null && kind !== 'schema' && this.#isElsewhere(name)) return 'unknown'
    if (this.#hasInvented && (kind === 'index' || kind === 'sequence')) return 'unknown'
    return 'missing'
  }

  /** Whether a table of the session stands before it. */
  isHidden({ schema, name }: NamedObject): boolean {
    return schema === null && this.#hidden.has(name)
  }

  /** Whether it is still where the catalog had it. */
  holds(object: NamedObject): boolean {
    return this.#there.has(this.#key(object))
  }

  /** What it is that has a name which relations of every kind share; null where nothing has it. */
  kindOf(object: NamedObject): ObjectKind | null {
    return this.#there.get(this.#key(object))?.kind ?? null
  }

  /** The type of a column; null where it is not there. */
  typeOf(column: NamedObject): ColumnType | null {
    return this.#there.get(this.#key(column))?.type ?? null
  }

  /** Columns of a table that are not there, of those asked for. */
  lacks(table: NamedObject, columns: readonly string[]): readonly string[] {
    return columns.filter(part => this.look({ ...table, kind: 'column', part }) === 'missing')
  }

  /** Takes in what an effect leaves behind, as if it had worked. */
  follow(effect: Effect): void {
    switch (effect.does) {
      case 'create':
        this.#create(effect)
        return
      case 'add_column':
        this.#put(effect.object, effect.type)
        return
      case 'drop':
        this.#remove(effect.object)
        return
      case 'retype':
        if (this.#there.has(this.#key(effect.object))) this.#put(effect.object, effect.type)
        return
      case 'rename':
        this.#rename(effect.object, effect.to)
        return
      case 'hide':
        this.#hidden.add(effect.name)
        return
      case 'invent_names':
        this.#hasInvented = true
        return
      case 'obscure':
        this.#isClear = false
        return
      case 'need':
        return
    }
  }

  #create({ object, columns, constraints, labels, isOptional }: Extract<Effect, { does: 'create' }>): void {
    if (isOptional && this.#there.has(this.#key(object))) return
    this.#put(object)
    for (const part of constraints) this.#put({ ...object, kind: 'constraint', part })
    for (const part of labels ?? []) this.#put({ ...object, kind: 'enum value', part })
    if (object.kind === 'relation') {
      if (columns === null) this.#open.add(this.#key(object))
      for (const { name, type } of columns ?? []) this.#put({ ...object, kind: 'column', part: name }, type)
    }
  }

  #remove(object: NamedObject): void {
    const key = this.#key(object)
    this.#there.delete(key)
    if (object.part !== null) {
      // A unique constraint takes its index with it.
      if (object.kind === 'constraint')
        this.#there.delete(this.#key(nameObject('index', object.schema, object.part)))
      return
    }
    this.#named.get(object.name)?.delete(key)
    this.#open.delete(key)
    for (const owned of this.#partsOf(object)) this.#there.delete(owned)
    // Indexes, sequences and triggers of a table go with it, and which they are is not followed.
    if (object.kind === 'relation') this.#hasInvented = true
  }

  #rename(object: NamedObject, to: string): void {
    const held = this.#there.get(this.#key(object))
    const renamed = object.part === null ? { ...object, name: to } : { ...object, part: to }
    const parts = object.part === null ? this.#partsOf(object) : []
    const isOpen = this.#open.has(this.#key(object))
    const moved = parts.flatMap(key => {
      const part = this.#there.get(key)
      return part ? [[key, part] as const] : []
    })
    this.#remove(object)
    this.#put({ ...renamed, kind: held?.kind ?? renamed.kind }, held?.type)
    if (isOpen) this.#open.add(this.#key(renamed))
    const before = `${this.#place(object)}.`
    const after = `${this.#place(renamed)}.`
    for (const [key, value] of moved)
      this.#there.set(
        key.replace(before, () => after),
        value,
      )
  }

  #put(object: NamedObject, type: ColumnType | null = null): void {
    const key = this.#key(object)
    this.#there.set(key, { kind: object.kind, type })
    if (object.part !== null) return
    const places = this.#named.get(object.name) ?? new Set()
    this.#named.set(object.name, places.add(key))
  }

  #partsOf(object: NamedObject): readonly string[] {
    const place = `${this.#place(object)}.`
    return [...this.#there.keys()].filter(
      key => key.slice(key.indexOf(' ') + 1).startsWith(place) && !isWhole(key),
    )
  }

  #place(object: NamedObject): string {
    const key = this.#key({ ...object, kind: 'relation', part: null })
    return key.slice(key.indexOf(' ') + 1)
  }

  #isElsewhere(name: string): boolean {
    return (this.#named.get(name)?.size ?? 0) > 0
  }

  #key(object: NamedObject): string {
    return keyOf(object, this.#defaultSchema)
  }
}

/** Keys begin with their space of names: those of whole objects have no parts. */
function isWhole(key: string): boolean {
  return key.startsWith('relation ') || key.startsWith('type ') || key.startsWith('schema ')
}

const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])

function isSystemName(name: string | null): boolean {
  return name === 'information_schema' || (name?.startsWith('pg_') ?? false)
}

/** An object of the catalog as statements name it; null for a kind that is not followed. */
function readObject(item: CatalogItem): NamedObject | null {
  const kind = kinds.get(item.kind)
  if (kind === undefined) return null
  if (item.attributes.is === 'schema') return nameObject(kind, null, item.attributes.name)
  const name = nameOf(item)
  return name && nameObject(kind, name.schema, name.name, name.part)
}

/** A table by its printed name. */
function readTable(table: string): NamedObject | null {
  const [schema, name, ...more] = splitName(table)
  if (schema === undefined || name === undefined || more.length > 0) return null
  return nameObject('relation', schema, name)
}
