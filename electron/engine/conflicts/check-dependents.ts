import { splitName } from '../../../shared/sql/quote-name.ts'
import { listNames } from '../../../shared/text/plain-words.ts'
import { haveSameName } from '../lint/tree/column-type.ts'
import type { Dependent } from '../ports/dependents.ts'
import type { Conflict } from './conflict.ts'
import type { Effect } from './effect.ts'
import {
  describeObject,
  keyOf,
  type NamedObject,
  nameObject,
  type ObjectKind,
  qualifyObject,
} from './named-object.ts'
import type { SchemaState } from './schema-state.ts'

/** What hangs on the objects of one class of tenants, found by what it hangs on. */
export type DependentIndex = ReadonlyMap<string, readonly Dependent[]>

/** Prepares dependents to be looked up. */
export function indexDependents(dependents: readonly Dependent[]): DependentIndex {
  const index = new Map<string, Dependent[]>()
  for (const dependent of dependents) {
    const [schema = null, name = ''] = splitName(dependent.on)
    const key = keyOf(nameObject(dependent.onKind, schema, name), 'public')
    const known = index.get(key)
    if (known) known.push(dependent)
    else index.set(key, [dependent])
  }
  return index
}

type Judged = Pick<Conflict, 'rule' | 'severity' | 'objects' | 'message'>

/** What breaks, or goes too, when an object is dropped or gets another type. */
export function checkDependents(
  effect: Extract<Effect, { does: 'drop' | 'retype' }>,
  state: SchemaState,
  index: DependentIndex,
  together: readonly NamedObject[],
): Judged | null {
  const { object } = effect
  if (state.isHidden(object)) return null
  // What belongs to a table goes with it.
  const going = object.part === null ? [object, ...together] : together
  const blocking = findDependents(object, index).filter(
    dependent =>
      (effect.does === 'drop' || stopsTypeChange(dependent)) &&
      (object.part === null || dependent.column === object.part) &&
      isStillThere(dependent, state) &&
      !going.some(other => belongsTo(dependent, other)),
  )
  if (blocking.length === 0) return null
  const names = [...new Set(blocking.map(({ kind, name }) => `${kind} ${name}`))]
  const objects = [qualifyObject(object), ...blocking.map(({ name }) => name)]
  const what = describeObject(object)
  if (effect.does === 'drop' && effect.cascades) {
    const message = `dropping ${what} with cascade also drops ${listNames(names)}`
    return { rule: 'dependent_breaks', severity: 'warning', objects, message }
  }
  const action = effect.does === 'drop' ? 'be dropped' : 'get another type'
  const needs = names.length === 1 ? 'needs' : 'need'
  return {
    rule: 'dependent_breaks',
    severity: state.weigh(object),
    objects,
    message: `${what} cannot ${action}: ${listNames(names)} ${needs} it`,
  }
}

function findDependents(object: NamedObject, index: DependentIndex): readonly Dependent[] {
  if (object.kind === 'type') return index.get(keyOf(object, 'public')) ?? []
  if (object.kind !== 'relation' && object.kind !== 'view' && object.kind !== 'column') return []
  return index.get(keyOf(nameObject('relation', object.schema, object.name), 'public')) ?? []
}

/** A foreign key is made again with the type; whatever has the type in its text is not. */
function stopsTypeChange({ kind }: Dependent): boolean {
  return kind !== 'foreign key' && kind !== 'column' && kind !== 'domain'
}

const kinds: { readonly [K in Dependent['kind']]: ObjectKind | null } = {
  view: 'view',
  'materialized view': 'view',
  trigger: 'trigger',
  policy: 'policy',
  'foreign key': 'constraint',
  column: 'column',
  'generated column': 'column',
  domain: 'type',
  rule: null,
  function: null,
}

/** What cannot be followed counts as there: dropping a function leaves nothing certain anyway. */
function isStillThere({ kind, name, on, onKind }: Dependent, state: SchemaState): boolean {
  const known = kinds[kind]
  if (known === null) return true
  const [schema = null, relation = '', part = null] = splitName(name)
  const object = nameObject(known, schema, relation, part)
  if (kind !== 'column' || onKind !== 'type') return state.holds(object)
  // A column that has got another type needs this one no more.
  const type = state.typeOf(object)
  const [ofSchema = null, needed = ''] = splitName(on)
  return type !== null && haveSameName(type, { schema: ofSchema, name: needed })
}

/** Whether it goes with something that the same statement drops. */
function belongsTo({ name }: Dependent, other: NamedObject): boolean {
  const [schema, relation, part] = splitName(name)
  if (other.name !== relation || (other.schema ?? 'public') !== schema) return false
  return other.part === null || other.part === part
}
