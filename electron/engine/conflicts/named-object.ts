import { quoteName } from '../../../shared/sql/quote-name.ts'

/** What an object is; relations of every kind share the names of their schema. */
export type ObjectKind =
  | 'relation'
  | 'index'
  | 'sequence'
  | 'view'
  | 'column'
  | 'constraint'
  | 'trigger'
  | 'policy'
  | 'type'
  | 'enum value'
  | 'schema'

/** An object as a statement names it. */
export interface NamedObject {
  readonly kind: ObjectKind
  /** Null when none is written. */
  readonly schema: string | null
  /** The relation, type or schema. */
  readonly name: string
  /** The column, constraint, trigger, policy or label of it; null for the whole. */
  readonly part: string | null
}

/** Names an object. */
export function nameObject(
  kind: ObjectKind,
  schema: string | null,
  name: string,
  part: string | null = null,
): NamedObject {
  return { kind, schema, name, part }
}

/** The relation that a part belongs to. */
export function ownerOf({ schema, name }: NamedObject): NamedObject {
  return nameObject('relation', schema, name)
}

/** The same for the same object, however it is named. */
export function keyOf({ kind, schema, name, part }: NamedObject, defaultSchema: string): string {
  const space = kind === 'index' || kind === 'sequence' || kind === 'view' ? 'relation' : kind
  const place =
    kind === 'schema' ? quoteName(name) : `${quoteName(schema ?? defaultSchema)}.${quoteName(name)}`
  return part === null ? `${space} ${place}` : `${space} ${place}.${quoteName(part)}`
}

/** An object in a sentence: `column public.orders.note`. */
export function describeObject(object: NamedObject): string {
  return `${object.kind === 'relation' ? 'table' : object.kind} ${qualifyObject(object)}`
}

/** The qualified name alone; `public` where no schema is written. */
export function qualifyObject({ kind, schema, name, part }: NamedObject): string {
  if (kind === 'schema') return quoteName(name)
  const whole = `${quoteName(schema ?? 'public')}.${quoteName(name)}`
  if (part === null) return whole
  return kind === 'enum value' ? `${whole} '${part.replaceAll("'", "''")}'` : `${whole}.${quoteName(part)}`
}
