import { findCalls } from '../../sql/find-reach.ts'
import {
  isSyntaxNode,
  readNameParts,
  readNode,
  readNodes,
  readText,
  type SyntaxNode,
} from '../../sql/syntax-node.ts'
import type { ParsedStatement } from './parse-sql.ts'

/** A relation as written in a statement. */
export interface WrittenRelation {
  readonly schema: string | null
  readonly name: string
}

/** Tables (and views, and indexes by name) that a statement makes, changes, refers to or reads. */
export function findRelations(statement: ParsedStatement): readonly WrittenRelation[] {
  const named = findNamedObjects(statement)
  return [...named, ...findRangeVariables({ [statement.type]: statement.node })]
}

/** Relations that stand in the tree as such; names of `with` queries are not relations. */
function findRangeVariables(root: SyntaxNode): readonly WrittenRelation[] {
  const found: WrittenRelation[] = []
  const waiting: {
    readonly value: SyntaxNode
    readonly known: ReadonlySet<string>
    readonly isTarget: boolean
  }[] = [{ value: root, known: new Set(), isTarget: false }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const name = readText(next.value, 'relname')
    if (name !== null && 'relpersistence' in next.value) {
      const schema = readText(next.value, 'schemaname')
      // The target of insert, update and delete is never a `with` query, whatever it is called.
      if (schema !== null || next.isTarget || !next.known.has(name)) found.push({ schema, name })
      continue
    }
    const known = addWithNames(next.value, next.known)
    for (const [field, value] of Object.entries(next.value).reverse()) {
      if (newNameFields.has(field)) continue
      const isTarget = field === 'relation'
      for (const child of (Array.isArray(value) ? [...value].reverse() : [value]).filter(isSyntaxNode)) {
        waiting.push({ value: child, known, isTarget })
      }
    }
  }
  return found
}

/** Fields that hold a relation that is no table: the sequence or composite type that is being made. */
const newNameFields: ReadonlySet<string> = new Set(['sequence', 'typevar'])

function addWithNames(node: SyntaxNode, known: ReadonlySet<string>): ReadonlySet<string> {
  const queries = readNodes(readNode(node, 'withClause'), 'ctes')
  if (queries.length === 0) return known
  return new Set([
    ...known,
    ...queries.flatMap(query => readText(readNode(query, 'CommonTableExpr'), 'ctename') ?? []),
  ])
}

const relationKinds: ReadonlySet<string | null> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_INDEX',
])

/** Kinds that are named as `schema.table.thing`. */
const partKinds: ReadonlySet<string | null> = new Set([
  'OBJECT_COLUMN',
  'OBJECT_TRIGGER',
  'OBJECT_POLICY',
  'OBJECT_RULE',
  'OBJECT_TABCONSTRAINT',
])

/** Relations that the tree holds as bare lists of names: what is dropped, commented on, or owns a sequence. */
function findNamedObjects(statement: ParsedStatement): readonly WrittenRelation[] {
  switch (statement.type) {
    case 'DropStmt': {
      const kind = readText(statement.node, 'removeType')
      return readNodes(statement.node, 'objects').flatMap(object => readObjectName(kind, object))
    }
    case 'CommentStmt':
    case 'SecLabelStmt':
      return readObjectName(readText(statement.node, 'objtype'), readNode(statement.node, 'object'))
    case 'CreateSeqStmt':
    case 'AlterSeqStmt':
      return readNodes(statement.node, 'options').flatMap(option => {
        const element = readNode(option, 'DefElem')
        if (readText(element, 'defname') !== 'owned_by') return []
        return readObjectName('OBJECT_COLUMN', readNode(element, 'arg'))
      })
    default:
      return []
  }
}

function readObjectName(kind: string | null, object: SyntaxNode): readonly WrittenRelation[] {
  const parts = readNameParts(readNodes(readNode(object, 'List'), 'items'))
  if (relationKinds.has(kind)) return toRelation(parts)
  return partKinds.has(kind) ? toRelation(parts.slice(0, -1)) : []
}

function toRelation(parts: readonly string[]): readonly WrittenRelation[] {
  const name = parts.at(-1)
  return name === undefined ? [] : [{ schema: parts.at(-2) ?? null, name }]
}

/** Names of the functions that a statement calls, without their schemas. */
export function findFunctionCalls(statement: ParsedStatement): readonly string[] {
  return findCalls(statement.node).flatMap(parts => parts.at(-1) ?? [])
}
