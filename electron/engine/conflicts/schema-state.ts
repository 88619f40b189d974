import { splitName } from '../../../shared/sql/quote-name.ts'
import type { CatalogItem } from '../../catalog/catalog-item.ts'
import type { TableShape } from '../ports/schema-facts.ts'
import type { Effect } from './effect.ts'
import { keyOf, type NamedObject, nameObject, type ObjectKind, ownerOf } from './named-object.ts'

/** Whether an object is there: `unknown` where nobody can tell for sure. */
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

/** Follows a schema through the statements of a route. */
export class SchemaState {
  readonly #there = new Map<string, string>()
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
    for (const { kind, ident, definition } of items) {
      const known = kinds.get(kind)
      if (!known) continue
      const object = readIdent(known, ident)
      if (!object) continue
      if (known === 'schema') schemas.add(object.name)
      this.#put(object, definition)
      // What happens to a parent happens to its children too.
      if (kind === 'table' && /\b(?:inherits|oftype)=/.test(definition)) this.#open.add(this.#key(object))
      if (kind === 'type') {
        for (const label of readLabels(definition)) this.#put({ ...object, kind: 'enum value', part: label })
      }
    }
    for (const { table, constraints } of shapes) {
      const owner = readIdent('relation', table)
      if (!owner) continue
      for (const { name } of constraints) this.#put({ ...owner, kind: 'constraint', part: name })
    }
    // Where there are several schemas, a search path may lead to any of them.
    this.#isPlain = defaultSchema !== null && (isOwnSession || schemas.size <= 1)
  }

  /** False once something was run of which nobody knows what it does. */
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

  /** What is known of an object: its definition in the catalog, or the type of a column. */
  definitionOf(object: NamedObject): string | null {
    return this.#there.get(this.#key(object)) ?? null
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
    const definition = this.#there.get(this.#key(object))
    const renamed = object.part === null ? { ...object, name: to } : { ...object, part: to }
    const parts = object.part === null ? this.#partsOf(object) : []
    const isOpen = this.#open.has(this.#key(object))
    const moved = parts.map(key => [key, this.#there.get(key) ?? ''] as const)
    this.#remove(object)
    this.#put(renamed, definition)
    if (isOpen) this.#open.add(this.#key(renamed))
    const before = `${this.#place(object)}.`
    const after = `${this.#place(renamed)}.`
    for (const [key, value] of moved)
      this.#there.set(
        key.replace(before, () => after),
        value,
      )
  }

  #put(object: NamedObject, definition = ''): void {
    const key = this.#key(object)
    this.#there.set(key, definition)
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

/** An object by the name that a fingerprint gives it; null for one without a name of that form. */
export function readIdent(kind: ObjectKind, ident: string): NamedObject | null {
  const parts = splitName(ident)
  if (kind === 'schema') return parts[0] === undefined ? null : nameObject(kind, null, parts[0])
  const [schema, name, part] = parts
  if (schema === undefined || name === undefined) return null
  const isPart = kind === 'column' || kind === 'constraint' || kind === 'trigger' || kind === 'policy'
  if (isPart !== (part !== undefined) || parts.length > 3) return null
  return nameObject(kind, schema, name, part ?? null)
}

/** The values of an enum, as its definition lists them. */
function readLabels(definition: string): readonly string[] {
  const list = /labels=((?:'(?:[^']|'')*'(?:,|$| ))+)/.exec(definition)?.[1] ?? ''
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) => label.replaceAll("''", "'"))
}
