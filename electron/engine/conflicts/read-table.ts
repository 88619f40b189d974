import { readNameParts, readNode, readNodes, readText, type SyntaxNode } from '../../sql/syntax-node.ts'
import { createOf, type Effect, type NewColumn, type StatementEffects } from './effect.ts'
import { readMadeType } from './made-type.ts'
import { type NamedObject, nameObject } from './named-object.ts'

/** Reads a `RangeVar` as a relation; null when the field holds none. */
export function readRelationOf(node: SyntaxNode): NamedObject | null {
  const name = readText(node, 'relname')
  return name === null ? null : nameObject('relation', readText(node, 'schemaname'), name)
}

/** What `create table` makes and refers to. */
export function readCreateTable(node: SyntaxNode): readonly Effect[] {
  const relation = readNode(node, 'relation')
  const table = readRelationOf(relation)
  if (!table) return []
  const elements = readNodes(node, 'tableElts')
  const definitions = elements.flatMap(item => ('ColumnDef' in item ? [readNode(item, 'ColumnDef')] : []))
  const constraints = [
    ...elements.flatMap(item => ('Constraint' in item ? [readNode(item, 'Constraint')] : [])),
    ...definitions.flatMap(readColumnConstraints),
  ]
  const parents = readNodes(node, 'inhRelations').flatMap(
    item => readRelationOf(readNode(item, 'RangeVar')) ?? [],
  )
  const isWhole =
    parents.length === 0 && elements.every(item => !('TableLikeClause' in item)) && !('ofTypename' in node)
  const needs: readonly Effect[] = [
    ...parents.map((object): Effect => ({ does: 'need', object, how: 'is made from' })),
    ...constraints.flatMap(constraint => readReference(constraint, table)),
  ]
  if (readText(relation, 'relpersistence') === 't') return [...needs, { does: 'hide', name: table.name }]
  return [
    ...needs,
    createOf(table, {
      isOptional: node.if_not_exists === true,
      columns: isWhole ? definitions.map(readNewColumn) : null,
      constraints: constraints.flatMap(constraint => readText(constraint, 'conname') ?? []),
    }),
    { does: 'invent_names' },
  ]
}

/** What `alter table` changes, part by part. */
export function readAlterTable(node: SyntaxNode): StatementEffects {
  const relation = readRelationOf(readNode(node, 'relation'))
  const kind = readText(node, 'objtype')
  if (!relation) return { onlyIf: null, effects: [{ does: 'obscure' }] }
  const onlyIf = node.missing_ok === true ? relation : null
  if (kind === 'OBJECT_TYPE') {
    return { onlyIf, effects: [{ does: 'need', object: { ...relation, kind: 'type' }, how: 'alters' }] }
  }
  const isTable = kind === 'OBJECT_TABLE' || kind === 'OBJECT_FOREIGN_TABLE'
  const table = kind === 'OBJECT_INDEX' ? ({ ...relation, kind: 'index' } as const) : relation
  const commands = readNodes(node, 'cmds').map(item => readNode(item, 'AlterTableCmd'))
  return {
    onlyIf,
    effects: [
      { does: 'need', object: table, how: 'alters' },
      ...(isTable ? commands.flatMap(command => readCommand(command, relation)) : []),
    ],
  }
}

function readCommand(command: SyntaxNode, table: NamedObject): readonly Effect[] {
  const name = readText(command, 'name') ?? ''
  const definition = readNode(command, 'def')
  const column = (part: string) => nameObject('column', table.schema, table.name, part)
  const constraint = (part: string) => nameObject('constraint', table.schema, table.name, part)
  const isOptional = command.missing_ok === true
  switch ((readText(command, 'subtype') ?? '').replace('AT_', '')) {
    case 'AddColumn': {
      const added = readNode(definition, 'ColumnDef')
      const { name: part, ...kind } = readNewColumn(added)
      return [
        { does: 'add_column', object: column(part), ...kind, isOptional },
        ...readColumnConstraints(added).flatMap(one => [
          ...readReference(one, table),
          ...(isOptional ? [] : createConstraint(one, table)),
        ]),
        { does: 'invent_names' },
      ]
    }
    case 'DropColumn':
      return [{ does: 'drop', object: column(name), isOptional, cascades: cascades(command) }]
    case 'AlterColumnType': {
      const type = readMadeType(readNode(readNode(definition, 'ColumnDef'), 'typeName'))
      return [{ does: 'retype', object: column(name), type }]
    }
    case 'AddConstraint': {
      const added = readNode(definition, 'Constraint')
      const keys = [...readNodes(added, 'keys'), ...readNodes(added, 'fk_attrs')]
      return [
        ...readNameParts(keys).map(
          (key): Effect => ({ does: 'need', object: column(key), how: 'constrains' }),
        ),
        ...readReference(added, table),
        ...createConstraint(added, table),
      ]
    }
    case 'DropConstraint':
      return [{ does: 'drop', object: constraint(name), isOptional, cascades: cascades(command) }]
    case 'ValidateConstraint':
    case 'AlterConstraint':
      return name === '' ? [] : [{ does: 'need', object: constraint(name), how: 'alters' }]
    case 'ColumnDefault':
    case 'CookedColumnDefault':
    case 'SetNotNull':
    case 'DropNotNull':
    case 'SetStatistics':
    case 'SetOptions':
    case 'SetStorage':
    case 'SetCompression':
    case 'SetExpression':
    case 'DropExpression':
    case 'AddIdentity':
    case 'SetIdentity':
    case 'DropIdentity':
      return name === '' || isOptional ? [] : [{ does: 'need', object: column(name), how: 'alters' }]
    default:
      return []
  }
}

function createConstraint(constraint: SyntaxNode, table: NamedObject): readonly Effect[] {
  const name = readText(constraint, 'conname')
  const kind = readText(constraint, 'contype')
  if (name === null) return [{ does: 'invent_names' }]
  // Attributes such as `deferrable` stand in the tree as constraints of their own.
  if (!named.has(kind)) return []
  const made = createOf(nameObject('constraint', table.schema, table.name, name))
  const takesIndex = readText(constraint, 'indexname') !== null
  if (!indexed.has(kind)) return [made]
  if (takesIndex) return [made, { does: 'invent_names' }]
  return [made, createOf(nameObject('index', table.schema, name))]
}

const indexed: ReadonlySet<string | null> = new Set(['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION'])
const named: ReadonlySet<string | null> = new Set([
  ...indexed,
  'CONSTR_CHECK',
  'CONSTR_FOREIGN',
  'CONSTR_NOTNULL',
])

function readReference(constraint: SyntaxNode, table: NamedObject): readonly Effect[] {
  const target = readRelationOf(readNode(constraint, 'pktable'))
  // A table may refer to itself while it is made.
  if (!target || (target.name === table.name && target.schema === table.schema)) return []
  return [
    { does: 'need', object: target, how: 'refers to' },
    ...readNameParts(readNodes(constraint, 'pk_attrs')).map(
      (key): Effect => ({
        does: 'need',
        object: nameObject('column', target.schema, target.name, key),
        how: 'refers to',
      }),
    ),
  ]
}

function readColumnConstraints(column: SyntaxNode): readonly SyntaxNode[] {
  return readNodes(column, 'constraints').map(item => readNode(item, 'Constraint'))
}

function readNewColumn(column: SyntaxNode): NewColumn {
  const isGenerated = readColumnConstraints(column).some(
    constraint => readText(constraint, 'contype') === 'CONSTR_GENERATED',
  )
  return {
    name: readText(column, 'colname') ?? '',
    type: readMadeType(readNode(column, 'typeName')),
    ...(isGenerated ? { isGenerated } : {}),
  }
}

function cascades(command: SyntaxNode): boolean {
  return command.behavior === 'DROP_CASCADE'
}
