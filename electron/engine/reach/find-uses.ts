import {
  isSyntaxNode,
  readNode,
  readNodes,
  readText,
  type SyntaxNode,
  walkTree,
} from '../../sql/syntax-node.ts'
import { nameRelation } from '../lint/tree/relation.ts'
import type { RelationUse } from './known-code.ts'

/** Every relation that a statement uses so that code of it may run; none for what only defines or takes away. */
export function findUses(type: string, node: SyntaxNode): readonly RelationUse[] {
  if (rebuilds.has(type)) return findNames(node).map(named => toUse(named, 'change'))
  if (!usesRows.has(type)) return []
  const targets = [...walkTree({ [type]: node })].flatMap(findTargets)
  return [
    ...targets.map(named => toUse(named, 'write')),
    ...findNames(node)
      .filter(named => !targets.includes(named))
      .map(named => toUse(named, 'read')),
  ]
}

/** Whether it builds again what it does not name, such as all tables of a schema. */
export function rebuildsUnnamed(type: string, node: SyntaxNode): boolean {
  return (
    (type === 'ReindexStmt' || type === 'VacuumStmt' || type === 'ClusterStmt') &&
    findNames(node).length === 0
  )
}

/** How a statement names a relation: with or without its schema. */
export function readRelationUse(node: SyntaxNode): Omit<RelationUse, 'use'> {
  const schema = readText(node, 'schemaname')
  const { key } = nameRelation(schema, readText(node, 'relname') ?? '')
  return { table: key, isQualified: schema !== null }
}

function toUse(node: SyntaxNode, use: RelationUse['use']): RelationUse {
  return { ...readRelationUse(node), use }
}

function findNames(root: SyntaxNode): readonly SyntaxNode[] {
  return [...walkTree(root)].filter(node => readText(node, 'relname') !== null)
}

/** What is written, by the statement itself or by a part of it. */
function findTargets(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.entries(node).flatMap(([type, value]) => {
    if (!isSyntaxNode(value)) return []
    if (type === 'TruncateStmt') return readNodes(value, 'relations').map(item => readNode(item, 'RangeVar'))
    const isWritten = writes.has(type) && (type !== 'CopyStmt' || value.is_from === true)
    const target = readNode(value, 'relation')
    return isWritten && readText(target, 'relname') !== null ? [target] : []
  })
}

const writes: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
])

const usesRows: ReadonlySet<string> = new Set([
  ...writes,
  'TruncateStmt',
  'SelectStmt',
  'CreateTableAsStmt',
  'ExplainStmt',
  'DeclareCursorStmt',
])

const rebuilds: ReadonlySet<string> = new Set([
  'AlterTableStmt',
  'IndexStmt',
  'ClusterStmt',
  'VacuumStmt',
  'ReindexStmt',
  'RefreshMatViewStmt',
])
