import { readNode, readNodes, readText, type SyntaxNode } from '../../../sql/syntax-node.ts'
import type { LintStatement } from '../statements/lint-statement.ts'
import { type Column, readColumn } from './column.ts'
import { type Constraint, readConstraint } from './constraint.ts'
import { type Relation, readRelation } from './relation.ts'

/** One of the changes of an `alter table`. */
export interface TableCommand {
  readonly table: Relation
  /** The grammar's word without its prefix, such as `AddColumn`. */
  readonly action: string
  /** The column or constraint that is named; empty when none is. */
  readonly name: string
  readonly definition: SyntaxNode
  readonly cascades: boolean
  /** Whether it says `if exists` or `if not exists`. */
  readonly isOptional: boolean
  /** Whether the statement does nothing else. */
  readonly isAlone: boolean
}

/** The changes of an `alter table`, in order; of an index, view or type there are none. */
export function readTableCommands({ tree }: LintStatement): readonly TableCommand[] {
  if (tree.type !== 'AlterTableStmt' || !tableKinds.has(readText(tree.node, 'objtype'))) return []
  const table = readRelation(readNode(tree.node, 'relation'))
  const commands = readNodes(tree.node, 'cmds')
  if (!table) return []
  return commands.map(item => {
    const command = readNode(item, 'AlterTableCmd')
    return {
      table,
      action: (readText(command, 'subtype') ?? '').replace('AT_', ''),
      name: readText(command, 'name') ?? '',
      definition: readNode(command, 'def'),
      cascades: command.behavior === 'DROP_CASCADE',
      isOptional: command.missing_ok === true,
      isAlone: commands.length === 1,
    }
  })
}

const tableKinds: ReadonlySet<string | null> = new Set([
  'OBJECT_TABLE',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_MATVIEW',
])

/** Columns that an `alter table` adds. */
export function readAddedColumns(
  statement: LintStatement,
): readonly { readonly table: Relation; readonly column: Column; readonly command: TableCommand }[] {
  return readTableCommands(statement).flatMap(command => {
    if (command.action !== 'AddColumn') return []
    return [{ table: command.table, column: readColumn(readNode(command.definition, 'ColumnDef')), command }]
  })
}

/** Constraints of one kind that an `alter table` adds. */
export function readAddedConstraints(
  statement: LintStatement,
  kind: string,
): readonly { readonly table: Relation; readonly constraint: Constraint; readonly command: TableCommand }[] {
  return readTableCommands(statement).flatMap(command => {
    if (command.action !== 'AddConstraint') return []
    const constraint = readConstraint(readNode(command.definition, 'Constraint'))
    return constraint.kind === kind ? [{ table: command.table, constraint, command }] : []
  })
}

/** Columns that a statement makes, in a new table or an old one. */
export function readNewColumns(
  statement: LintStatement,
): readonly { readonly table: Relation; readonly column: Column }[] {
  const { type, node } = statement.tree
  if (type !== 'CreateStmt') return readAddedColumns(statement)
  const table = readRelation(readNode(node, 'relation'))
  return readNodes(node, 'tableElts').flatMap(item => {
    const definition = readNode(item, 'ColumnDef')
    return table && 'colname' in definition ? [{ table, column: readColumn(definition) }] : []
  })
}

/** Constraints that stand beside the columns of a new table. */
export function readTableConstraints({ tree }: LintStatement): readonly Constraint[] {
  if (tree.type !== 'CreateStmt') return []
  return readNodes(tree.node, 'tableElts').flatMap(item =>
    'Constraint' in item ? [readConstraint(readNode(item, 'Constraint'))] : [],
  )
}
