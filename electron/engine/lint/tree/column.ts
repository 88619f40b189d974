import type { ColumnType } from '../../../catalog/catalog-item.ts'
import { readNode, readNodes, readText, type SyntaxNode } from '../../../sql/syntax-node.ts'
import { readType, serialTypes } from './column-type.ts'
import { type Constraint, readConstraint } from './constraint.ts'

/** A column that a statement makes. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly constraints: readonly Constraint[]
}

/** Reads a `ColumnDef`. */
export function readColumn(node: SyntaxNode): Column {
  return {
    name: readText(node, 'colname') ?? '',
    type: readType(readNode(node, 'typeName')),
    constraints: readNodes(node, 'constraints').map(item => readConstraint(readNode(item, 'Constraint'))),
  }
}

/** The constraint of one kind that stands at a column. */
export function findConstraint(column: Column, kind: string): Constraint | undefined {
  return column.constraints.find(constraint => constraint.kind === kind)
}

/** Whether rows that are there already get a value for a new column. */
export function fillsItself(column: Column): boolean {
  return (
    serialTypes.has(column.type.name) ||
    column.constraints.some(({ kind }) => kind === 'default' || kind === 'identity' || kind === 'generated')
  )
}
