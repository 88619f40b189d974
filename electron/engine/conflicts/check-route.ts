import { listNames } from '../../../shared/text/plain-words.ts'
import type { ColumnType } from '../../catalog/catalog-item.ts'
import { checkDependents, type DependentIndex } from './check-dependents.ts'
import type { Conflict } from './conflict.ts'
import type { Effect } from './effect.ts'
import { areDifferentTypes } from './made-type.ts'
import { describeObject, type NamedObject, nameObject, qualifyObject } from './named-object.ts'
import type { RouteStatement, RouteStep } from './route-statement.ts'
import { SchemaState, type StartingSchema } from './schema-state.ts'

type Judged = Pick<Conflict, 'rule' | 'severity' | 'objects' | 'message'>

/** Runs a route in thought on what a class of tenants holds, and says where a statement does not fit. */
export function checkRoute(
  steps: readonly RouteStep[],
  schema: StartingSchema,
  dependents: DependentIndex,
): readonly Conflict[] {
  const state = new SchemaState(schema)
  const told = new Set<string>()
  const found: Conflict[] = []
  for (const step of steps) {
    if (!step.isShown) state.follow({ does: 'obscure' })
    for (const statement of step.statements) {
      for (const judged of checkStatement(statement, state, dependents)) {
        const once = `${judged.rule} ${judged.objects.join(' ')}`
        if (told.has(once)) continue
        told.add(once)
        const { revision, index, place } = statement
        found.push({ ...judged, revision, statement: index, place })
      }
    }
  }
  return found
}

function checkStatement(
  { done }: RouteStatement,
  state: SchemaState,
  dependents: DependentIndex,
): readonly Judged[] {
  if (done.onlyIf && state.look(done.onlyIf) === 'missing') return []
  const dropped = done.effects.flatMap(effect => (effect.does === 'drop' ? [effect.object] : []))
  let previous: { readonly effect: Effect; readonly judged: readonly Judged[] } | null = null
  return done.effects.flatMap(effect => {
    // A unique constraint and its index share a name: one of the two is enough.
    const isSaid = previous !== null && previous.judged.length > 0 && isIndexOf(effect, previous.effect)
    const judged = isSaid ? [] : checkEffect(effect, state, dependents, dropped)
    state.follow(effect)
    previous = { effect, judged }
    return judged
  })
}

function isIndexOf(effect: Effect, constraint: Effect): boolean {
  if (effect.does !== 'create' || constraint.does !== 'create') return false
  const { object } = constraint
  return effect.object.kind === 'index' && object.kind === 'constraint' && object.part === effect.object.name
}

function checkEffect(
  effect: Effect,
  state: SchemaState,
  dependents: DependentIndex,
  dropped: readonly NamedObject[],
): readonly Judged[] {
  switch (effect.does) {
    case 'create':
      return checkCreate(effect, state)
    case 'add_column':
      return checkColumn(effect, state)
    case 'need':
      return checkNeed(effect.object, effect.how, state)
    case 'rename':
      return [
        ...checkNeed(effect.object, 'renames', state),
        ...checkTaken(renamed(effect.object, effect.to), state),
      ]
    case 'drop': {
      const others = dropped.filter(other => other !== effect.object)
      const breaks = checkDependents(effect, state, dependents, others)
      return [
        ...(effect.isOptional ? [] : checkNeed(effect.object, 'drops', state)),
        ...(breaks ? [breaks] : []),
      ]
    }
    case 'retype': {
      const breaks = checkDependents(effect, state, dependents, [])
      return [...checkNeed(effect.object, 'alters', state), ...(breaks ? [breaks] : [])]
    }
    case 'hide':
    case 'invent_names':
    case 'obscure':
      return []
  }
}

function checkNeed(object: NamedObject, how: string, state: SchemaState): readonly Judged[] {
  if (object.name === 'alembic_version' || state.look(object) !== 'missing') return []
  return [
    {
      rule: 'missing_object',
      severity: state.isClear ? 'error' : 'warning',
      objects: [qualifyObject(object)],
      message: `the statement ${how} ${describeObject(object)}, which is not there`,
    },
  ]
}

function checkTaken(object: NamedObject, state: SchemaState): readonly Judged[] {
  if (state.look(object) !== 'there') return []
  return [
    {
      rule:
        object.kind === 'enum value'
          ? 'enum_value_exists'
          : object.kind === 'type'
            ? 'type_name_taken'
            : 'already_exists',
      severity: state.weigh(object),
      objects: [qualifyObject(object)],
      message: `the statement makes ${describeObject(object)}, which is there already`,
    },
  ]
}

function checkCreate(effect: Extract<Effect, { does: 'create' }>, state: SchemaState): readonly Judged[] {
  const { object, isOptional, replaces, columns } = effect
  if (!isOptional && !replaces) {
    const taken = checkTaken(object, state)
    return taken.length > 0 ? taken : checkRowType(object, state)
  }
  if (!isOptional || columns === null || state.look(object) !== 'there') return []
  const lacking = state.lacks(
    object,
    columns.map(({ name }) => name),
  )
  const differing = columns.flatMap(({ name, type }) =>
    compareColumn({ ...object, kind: 'column', part: name }, type, state),
  )
  if (lacking.length === 0) return differing
  return [
    {
      rule: 'skipped_but_different',
      severity: 'warning',
      objects: [qualifyObject(object)],
      message: `${describeObject(object)} is there already and lacks ${listNames(lacking)}: if not exists leaves it so`,
    },
    ...differing,
  ]
}

/** A table brings a type of its name, so the two cannot stand beside each other. */
function checkRowType(object: NamedObject, state: SchemaState): readonly Judged[] {
  if (object.kind !== 'type' && object.kind !== 'relation' && object.kind !== 'view') return []
  const other = nameObject(object.kind === 'type' ? 'relation' : 'type', object.schema, object.name)
  if (state.look(other) !== 'there' || object.part !== null) return []
  // An index or a sequence has a name of a relation, and no type.
  const kind = state.kindOf(other)
  if (object.kind === 'type' && (kind === 'index' || kind === 'sequence')) return []
  return [
    {
      rule: 'type_name_taken',
      severity: state.weigh(object),
      objects: [qualifyObject(object)],
      message: `the statement makes ${describeObject(object)}, and ${describeObject(other)} has the name already`,
    },
  ]
}

function checkColumn(effect: Extract<Effect, { does: 'add_column' }>, state: SchemaState): readonly Judged[] {
  if (effect.isOptional) return compareColumn(effect.object, effect.type, state)
  return checkTaken(effect.object, state)
}

function compareColumn(column: NamedObject, type: ColumnType, state: SchemaState): readonly Judged[] {
  const found = state.look(column) === 'there' ? state.typeOf(column) : null
  if (found === null || !areDifferentTypes(found, type)) return []
  return [
    {
      rule: 'column_type_differs',
      severity: 'warning',
      objects: [qualifyObject(column)],
      message: `${describeObject(column)} is there already as ${found.sql}, not as ${type.sql}: if not exists leaves it so`,
    },
  ]
}

function renamed(object: NamedObject, to: string): NamedObject {
  return object.part === null ? { ...object, name: to } : { ...object, part: to }
}
