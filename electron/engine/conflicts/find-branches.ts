import type { Revision } from '../../../shared/plan/migration-graph.ts'
import { countOf, listNames } from '../../../shared/text/plain-words.ts'
import type { Conflict } from './conflict.ts'
import { describeObject, keyOf, type NamedObject, nameObject, qualifyObject } from './named-object.ts'
import { orderRevisions } from './order-revisions.ts'
import type { RouteStep } from './route-statement.ts'

/** An object that a revision makes, changes or takes away. */
interface Touched {
  readonly object: NamedObject
  readonly step: RouteStep
}

/** Several heads, and revisions that touch the same object although neither comes after the other. */
export function findBranches(
  revisions: readonly Revision[],
  heads: readonly string[],
  steps: readonly RouteStep[],
): readonly Conflict[] {
  return [...findHeads(heads), ...findOverlaps(revisions, steps)]
}

function findHeads(heads: readonly string[]): readonly Conflict[] {
  if (heads.length < 2) return []
  const message = `there are ${countOf(heads.length, 'head')}: ${listNames(heads, 10)}`
  const nowhere = { revision: null, statement: null, place: null }
  return [{ ...nowhere, rule: 'several_heads', severity: 'warning', objects: [], message }]
}

function findOverlaps(revisions: readonly Revision[], steps: readonly RouteStep[]): readonly Conflict[] {
  const byObject = new Map<string, Map<string, Touched>>()
  const seen = new Set<string>()
  for (const step of steps) {
    if (seen.has(step.revision)) continue
    seen.add(step.revision)
    for (const object of listTouched(step)) {
      const key = keyOf(object, 'public')
      const known = byObject.get(key) ?? new Map<string, Touched>()
      byObject.set(key, known.set(step.revision, { object, step }))
    }
  }
  const shared = [...byObject.values()].filter(touching => touching.size > 1)
  if (shared.length === 0) return []
  const order = orderRevisions(
    revisions.map(({ id, parents, dependsOn }) => ({ id, before: [...parents, ...dependsOn] })),
  )
  const overlaps = shared.flatMap(touching => {
    const apart = order.findUnordered([...touching.keys()])
    const last = touching.get(apart.at(-1) ?? '')
    return last ? [{ apart, last }] : []
  })
  return overlaps
    .filter(
      one =>
        !overlaps.some(
          other => isPartOf(other.last.object, one.last.object) && areSame(other.apart, one.apart),
        ),
    )
    .map(({ apart, last }) => describeOverlap(apart, last))
}

/** Where a column says it already, its table need not. */
function isPartOf(part: NamedObject, whole: NamedObject): boolean {
  if (part.part === null || whole.part !== null || whole.kind !== 'relation') return false
  return part.kind !== 'enum value' && part.name === whole.name && part.schema === whole.schema
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index])
}

function describeOverlap(apart: readonly string[], { object, step }: Touched): Conflict {
  const isWhole = object.kind === 'relation'
  const message = `${listNames(apart)} touch ${describeObject(object)}, and none of them comes after another`
  return {
    rule: 'branches_touch_same_object',
    // Two branches that each add a column of their own to a table get on.
    severity: isWhole ? 'note' : 'warning',
    revision: step.revision,
    statement: null,
    place: { file: step.file, line: null },
    objects: [qualifyObject(object)],
    message,
  }
}

/** What a revision touches, and the tables that it belongs to. */
function listTouched({ statements }: RouteStep): readonly NamedObject[] {
  const touched = new Map<string, NamedObject>()
  for (const { done } of statements) {
    for (const effect of done.effects) {
      if (effect.does === 'hide' || effect.does === 'invent_names' || effect.does === 'obscure') continue
      if (effect.does === 'need' && effect.how !== 'alters') continue
      const { object } = effect
      const isTable = object.part !== null && object.kind !== 'enum value'
      const whole = isTable ? nameObject('relation', object.schema, object.name) : object
      for (const one of [object, whole]) touched.set(keyOf(one, 'public'), one)
    }
  }
  return [...touched.values()]
}
