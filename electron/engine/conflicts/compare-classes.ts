import { shortenText } from '../../../shared/text/plain-words.ts'
import { type CatalogItem, definitionWithoutTail } from '../../catalog/catalog-item.ts'
import type { Conflict } from './conflict.ts'
import { describeObject, keyOf, type NamedObject, type ObjectKind, qualifyObject } from './named-object.ts'
import type { RouteStep } from './route-statement.ts'

/** Which items of a fingerprint tell what an object is. */
const itemKinds: { readonly [K in ObjectKind]: readonly string[] } = {
  relation: ['table', 'foreign_table'],
  view: ['view', 'matview'],
  index: ['index'],
  sequence: ['sequence'],
  column: ['column'],
  constraint: ['constraint'],
  trigger: ['trigger'],
  policy: ['policy'],
  type: ['type', 'composite'],
  'enum value': [],
  schema: [],
}

/** Objects that the plan touches, and that a class holds in another form than most tenants of its revision. */
export function findClassConflicts(
  steps: readonly RouteStep[],
  main: readonly CatalogItem[],
  live: readonly CatalogItem[],
): readonly Conflict[] {
  const expected = indexItems(main)
  const found = indexItems(live)
  const told = new Set<string>()
  return steps.flatMap(({ statements }) =>
    statements.flatMap(({ done, revision, index, place }) =>
      done.effects.flatMap((effect): readonly Conflict[] => {
        if (!('object' in effect)) return []
        const key = keyOf(effect.object, 'public')
        const difference = told.has(key) ? null : compareObject(effect.object, expected, found)
        if (!difference) return []
        told.add(key)
        const message = `${describeObject(effect.object)} is ${difference.found} here and ${difference.expected} in most tenants`
        const objects = [qualifyObject(effect.object)]
        return [
          {
            rule: 'differs_from_main',
            severity: 'warning',
            revision,
            statement: index,
            place,
            objects,
            message,
          },
        ]
      }),
    ),
  )
}

function compareObject(
  object: NamedObject,
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): { readonly expected: string; readonly found: string } | null {
  const ident = qualifyObject(object)
  for (const kind of itemKinds[object.kind]) {
    const before = expected.get(`${kind} ${ident}`)
    const now = found.get(`${kind} ${ident}`)
    // What is missing, or there too early, is said where the route is followed.
    if (before === undefined || now === undefined || before === now) continue
    return { expected: quoteText(before), found: quoteText(now) }
  }
  return null
}

/** Definitions by kind and name, without where a column stands. */
function indexItems(items: readonly CatalogItem[]): ReadonlyMap<string, string> {
  return new Map(
    items.map(item => [
      `${item.kind} ${item.ident}`,
      item.kind === 'column' ? definitionWithoutTail(item) : item.definition,
    ]),
  )
}

function quoteText(definition: string): string {
  return `"${shortenText(definition, 160)}"`
}
