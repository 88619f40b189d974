import { readNameParts, readNode, readNodes, readText, type SyntaxNode } from '../../sql/syntax-node.ts'
import type { Effect, StatementEffects } from './effect.ts'
import { type NamedObject, nameObject, type ObjectKind } from './named-object.ts'
import { readRelationOf } from './read-table.ts'

const wholes: ReadonlyMap<string | null, ObjectKind> = new Map([
  ['OBJECT_TABLE', 'relation'],
  ['OBJECT_FOREIGN_TABLE', 'relation'],
  ['OBJECT_VIEW', 'view'],
  ['OBJECT_MATVIEW', 'view'],
  ['OBJECT_SEQUENCE', 'sequence'],
  ['OBJECT_INDEX', 'index'],
  ['OBJECT_TYPE', 'type'],
  ['OBJECT_DOMAIN', 'type'],
  ['OBJECT_SCHEMA', 'schema'],
])

const parts: ReadonlyMap<string | null, ObjectKind> = new Map([
  ['OBJECT_TRIGGER', 'trigger'],
  ['OBJECT_POLICY', 'policy'],
])

/** What a `drop` takes away. */
export function readDrop(node: SyntaxNode): readonly Effect[] {
  const removed = readText(node, 'removeType')
  const whole = wholes.get(removed)
  const part = parts.get(removed)
  const isOptional = node.missing_ok === true
  const cascades = node.behavior === 'DROP_CASCADE'
  // What else goes with a function or an extension cannot be told from here.
  if (whole === undefined && part === undefined) return harmless.has(removed) ? [] : [{ does: 'obscure' }]
  const drops = readNodes(node, 'objects').flatMap((item): readonly Effect[] => {
    const names = readNames(item)
    const object = whole ? nameWhole(whole, names) : part ? namePart(part, names) : null
    return object ? [{ does: 'drop', object, isOptional, cascades }] : []
  })
  return cascades || whole === 'schema' ? [...drops, { does: 'obscure' }] : drops
}

const harmless: ReadonlySet<string | null> = new Set([
  'OBJECT_RULE',
  'OBJECT_PUBLICATION',
  'OBJECT_STATISTIC_EXT',
  'OBJECT_EVENT_TRIGGER',
])

function readNames(item: SyntaxNode): readonly string[] {
  if ('List' in item) return readNameParts(readNodes(readNode(item, 'List'), 'items'))
  if ('TypeName' in item) return readNameParts(readNodes(readNode(item, 'TypeName'), 'names'))
  return readNameParts([item])
}

function nameWhole(kind: ObjectKind, names: readonly string[]): NamedObject | null {
  const name = names.at(-1)
  if (name === undefined) return null
  return nameObject(kind, kind === 'schema' ? null : (names.at(-2) ?? null), name)
}

function namePart(kind: ObjectKind, names: readonly string[]): NamedObject | null {
  const [part, table, schema] = [...names].reverse()
  return part === undefined || table === undefined ? null : nameObject(kind, schema ?? null, table, part)
}

/** What a `rename` renames. */
export function readRename(node: SyntaxNode): StatementEffects {
  const object = nameRenamed(node)
  const to = readText(node, 'newname')
  if (!object || to === null) return { onlyIf: null, effects: [{ does: 'obscure' }] }
  const relation = readRelationOf(readNode(node, 'relation'))
  const onlyIf = node.missing_ok === true ? relation : null
  return { onlyIf, effects: [{ does: 'rename', object, to }] }
}

function nameRenamed(node: SyntaxNode): NamedObject | null {
  const relation = readRelationOf(readNode(node, 'relation'))
  const part = readText(node, 'subname')
  const of = (kind: ObjectKind) =>
    relation && part !== null && nameObject(kind, relation.schema, relation.name, part)
  switch (readText(node, 'renameType')) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE':
      return relation
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return relation && { ...relation, kind: 'view' }
    case 'OBJECT_SEQUENCE':
      return relation && { ...relation, kind: 'sequence' }
    case 'OBJECT_INDEX':
      return relation && { ...relation, kind: 'index' }
    case 'OBJECT_COLUMN':
      return of('column') || null
    case 'OBJECT_TABCONSTRAINT':
      return of('constraint') || null
    case 'OBJECT_TRIGGER':
      return of('trigger') || null
    case 'OBJECT_POLICY':
      return of('policy') || null
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return nameWhole(
        'type',
        readNames(readNode(node, 'object')).length > 0 ? readNames(readNode(node, 'object')) : [],
      )
    default:
      return null
  }
}
