import type { Conflict } from './conflict.ts'
import { describeObject, type NamedObject, qualifyObject } from './named-object.ts'
import type { RouteStep } from './route-statement.ts'

interface AddedValue {
  readonly value: NamedObject
  readonly transaction: number
}

/** Values that are added to an enum and used again before the transaction has committed. */
export function findEnumUse(steps: readonly RouteStep[]): readonly Conflict[] {
  const made = new Set<string>()
  let added: AddedValue[] = []
  const found: Conflict[] = []
  for (const { done, sql, revision, index, place, transaction } of steps.flatMap(step => step.statements)) {
    added = added.filter(one => one.transaction === transaction)
    const isAdding = done.effects.some(effect => 'object' in effect && effect.object.kind === 'enum value')
    for (const { value } of isAdding ? [] : added) {
      if (!sql.includes(`'${(value.part ?? '').replaceAll("'", "''")}'`)) continue
      const message = `the statement uses ${describeObject(value)}, which the same transaction adds`
      const at = { revision, statement: index, place, objects: [qualifyObject(value)] }
      found.push({ ...at, rule: 'new_enum_value_used', severity: 'warning', message })
    }
    for (const effect of done.effects) {
      if (effect.does !== 'create') continue
      const type = qualifyObject({ ...effect.object, part: null, kind: 'type' })
      // Of a type that the transaction makes itself every value can be used at once.
      if (effect.labels !== null) made.add(type)
      if (effect.object.kind === 'enum value' && !made.has(type))
        added.push({ value: effect.object, transaction })
    }
  }
  return found
}
