import { quoteName, splitName } from '../../../../shared/sql/quote-name.ts'
import { readNameParts, readNode, readNodes, readText, type SyntaxNode } from '../../../sql/syntax-node.ts'

/** A table, view or index as a statement names it. */
export interface Relation {
  readonly name: string
  /** Null when none is written. */
  readonly schema: string | null
  /** Qualified and quoted, `public` where no schema is written: the same for the same object. */
  readonly key: string
  /** As written, quoted where needed. */
  readonly sql: string
}

/** Names a relation by its parts. */
export function nameRelation(schema: string | null, name: string): Relation {
  const quoted = quoteName(name)
  return {
    name,
    schema,
    key: `${quoteName(schema ?? 'public')}.${quoted}`,
    sql: schema === null ? quoted : `${quoteName(schema)}.${quoted}`,
  }
}

/** Reads a `RangeVar`; null when the field holds none. */
export function readRelation(node: SyntaxNode): Relation | null {
  const name = readText(node, 'relname')
  return name === null ? null : nameRelation(readText(node, 'schemaname'), name)
}

/** Reads a list of `RangeVar`s. */
export function readRelations(node: SyntaxNode, field: string): readonly Relation[] {
  return readNodes(node, field).flatMap(item => readRelation(readNode(item, 'RangeVar')) ?? [])
}

/** Reads a name that the tree holds as a list of strings. */
export function readListedRelation(object: SyntaxNode): Relation | null {
  const parts = readNameParts(readNodes(readNode(object, 'List'), 'items'))
  const name = parts.at(-1)
  return name === undefined ? null : nameRelation(parts.at(-2) ?? null, name)
}

/** The key of a name that a server quoted. */
export function keyOfQuoted(text: string): string {
  const parts = splitName(text)
  return nameRelation(parts.at(-2) ?? null, parts.at(-1) ?? '').key
}
