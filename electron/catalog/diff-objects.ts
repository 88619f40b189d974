import type { ObjectDifference } from '../../shared/analysis/schema-class.ts'
import type { PrintedItem } from './printed-item.ts'

/** Every object that two schemas hold differently, by kind and name. */
export function diffObjects(
  expected: readonly PrintedItem[],
  found: readonly PrintedItem[],
): readonly ObjectDifference[] {
  const wanted = groupObjects(expected)
  const held = groupObjects(found)
  const keys = [...new Set([...wanted.keys(), ...held.keys()])].sort()
  return keys.flatMap(key => {
    const before = wanted.get(key)
    const after = held.get(key)
    const one = before ?? after
    if (!one || before?.definition === after?.definition) return []
    const change = before === undefined ? 'added' : after === undefined ? 'missing' : 'changed'
    const definitions = { expected: before?.definition ?? null, found: after?.definition ?? null }
    return [{ kind: one.kind, object: one.ident, change, ...definitions }]
  })
}

/** The differences that matter most, worst first: data before rules, rules before rights, words last. */
export function rankDifferences(differences: readonly ObjectDifference[]): readonly ObjectDifference[] {
  // Sorting is stable: what weighs the same stays in the order of names.
  return [...differences].sort((a, b) => weigh(a) - weigh(b))
}

const kinds: readonly string[] = [
  'schema',
  'table',
  'foreign_table',
  'column',
  'constraint',
  'constraint_nn',
  'policy',
  'index',
  'type',
  'sequence',
  'view',
  'matview',
  'function',
  'procedure',
  'aggregate',
  'trigger',
  'event_trigger',
  'rule',
  'extension',
]
const lastKinds: readonly string[] = ['acl', 'user_mapping', 'security_label', 'comment']
const changes: readonly ObjectDifference['change'][] = ['missing', 'changed', 'added']

function weigh({ kind, change }: ObjectDifference): number {
  return weighKind(kind) * changes.length + changes.indexOf(change)
}

function weighKind(kind: string): number {
  const early = kinds.indexOf(kind)
  if (early >= 0) return early
  const late = lastKinds.indexOf(kind)
  return kinds.length + (late >= 0 ? 1 + late : 0)
}

/** Several objects may share a name, such as a table's own constraint and that of a domain called alike. */
function groupObjects(items: readonly PrintedItem[]): ReadonlyMap<string, PrintedItem> {
  const groups = new Map<string, PrintedItem[]>()
  for (const item of items) {
    const key = `${item.kind} ${item.ident}`
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return new Map([...groups].map(([key, group]) => [key, mergeItems(group)]))
}

function mergeItems(group: readonly PrintedItem[]): PrintedItem {
  const { kind = '', ident = '' } = group[0] ?? {}
  const definitions = group.map(item => item.definition).sort()
  return { kind, ident, definition: definitions.join('\n') }
}
