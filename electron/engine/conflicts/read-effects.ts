import { splitName } from '../../../shared/sql/quote-name.ts'
import { readNameParts, readNode, readNodes, readText, type SyntaxNode } from '../../sql/syntax-node.ts'
import type { ParsedSql } from '../ports/sql-parser.ts'
import { createOf, type Effect, noEffects, type StatementEffects } from './effect.ts'
import { type NamedObject, nameObject, type ObjectKind } from './named-object.ts'
import { readDrop, readRename } from './read-drop.ts'
import { readAlterTable, readCreateTable, readRelationOf } from './read-table.ts'

/** What a statement does to the schema; what cannot be told is an effect too. */
export function readEffects(statement: ParsedSql): StatementEffects {
  const { type, node } = statement
  if (statement.problem) return always([{ does: 'obscure' }])
  switch (type) {
    case 'CreateStmt':
    case 'CreateForeignTableStmt':
      return always(readCreateTable(type === 'CreateStmt' ? node : readNode(node, 'base')))
    case 'AlterTableStmt':
      return readAlterTable(node)
    case 'RenameStmt':
      return readRename(node)
    case 'DropStmt':
      return always(readDrop(node))
    case 'IndexStmt':
      return always(readIndex(node))
    case 'CreateEnumStmt':
      return always(createEnum(node))
    case 'AlterEnumStmt':
      return always(readAlterEnum(node))
    case 'CompositeTypeStmt':
      return always(createNamed('type', readRelationOf(readNode(node, 'typevar'))))
    case 'CreateDomainStmt':
      return always(createListed(readNodes(node, 'domainname')))
    case 'CreateRangeStmt':
      return always(createListed(readNodes(node, 'typeName')))
    case 'ViewStmt':
      return always([...readTables(statement, node, 'view'), ...createView(node)])
    case 'CreateTableAsStmt':
      return always(createFromQuery(statement, node))
    case 'CreateSeqStmt':
      return always(
        createNamed('sequence', readRelationOf(readNode(node, 'sequence')), {
          isOptional: node.if_not_exists === true,
        }),
      )
    case 'CreateSchemaStmt':
      return always(createSchema(node))
    case 'CreateTrigStmt':
      return always(
        createPart('trigger', readNode(node, 'relation'), node, 'trigname', node.replace === true),
      )
    case 'CreatePolicyStmt':
      return always(createPart('policy', readNode(node, 'table'), node, 'policy_name', false))
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
    case 'TruncateStmt':
    case 'LockStmt':
    case 'CopyStmt':
      return always(readTables(statement, {}, ''))
    case 'SelectStmt':
      return always([
        ...readTables(statement, {}, ''),
        ...(/set_config|search_path|query_to_xml|dblink|\binto\b/i.test(statement.sql) ? [obscured] : []),
      ])
    case 'VariableSetStmt':
      return /search_path|role|session/i.test(readText(node, 'name') ?? 'role')
        ? always([obscured])
        : noEffects
    default:
      return known.has(type) ? noEffects : always([obscured])
  }
}

const obscured: Effect = { does: 'obscure' }

/** Statements that neither make nor drop anything that is followed here. */
const known: ReadonlySet<string> = new Set([
  'AlterDefaultPrivilegesStmt',
  'AlterFunctionStmt',
  'AlterOwnerStmt',
  'AlterPolicyStmt',
  'AlterSeqStmt',
  'CommentStmt',
  'CreateCastStmt',
  'CreateFunctionStmt',
  'CreateOpClassStmt',
  'CreatePublicationStmt',
  'CreateStatsStmt',
  'DropOwnedStmt',
  'ExplainStmt',
  'GrantRoleStmt',
  'GrantStmt',
  'RefreshMatViewStmt',
  'ReindexStmt',
  'RuleStmt',
  'SecLabelStmt',
  'TransactionStmt',
  'VacuumStmt',
  'VariableShowStmt',
])

function always(effects: readonly Effect[]): StatementEffects {
  return { onlyIf: null, effects }
}

function readIndex(node: SyntaxNode): readonly Effect[] {
  const table = readRelationOf(readNode(node, 'relation'))
  if (!table) return []
  const elements = [...readNodes(node, 'indexParams'), ...readNodes(node, 'indexIncludingParams')]
  const columns = elements.flatMap(item => readText(readNode(item, 'IndexElem'), 'name') ?? [])
  const name = readText(node, 'idxname')
  return [
    { does: 'need', object: table, how: 'indexes' },
    ...columns.map(
      (column): Effect => ({
        does: 'need',
        object: nameObject('column', table.schema, table.name, column),
        how: 'indexes',
      }),
    ),
    ...(name === null
      ? [{ does: 'invent_names' } as const]
      : [
          createOf(nameObject('index', table.schema, name), {
            isOptional: node.if_not_exists === true,
          }),
        ]),
  ]
}

function createEnum(node: SyntaxNode): readonly Effect[] {
  const object = nameListed('type', readNodes(node, 'typeName'))
  return object ? [createOf(object, { labels: readNameParts(readNodes(node, 'vals')) })] : []
}

function readAlterEnum(node: SyntaxNode): readonly Effect[] {
  const type = nameListed('type', readNodes(node, 'typeName'))
  const newValue = readText(node, 'newVal')
  if (!type || newValue === null) return [obscured]
  const label = (value: string) => nameObject('enum value', type.schema, type.name, value)
  const oldValue = readText(node, 'oldVal')
  const neighbour = readText(node, 'newValNeighbor')
  const need: Effect = { does: 'need', object: type, how: 'alters' }
  if (oldValue !== null) return [need, { does: 'rename', object: label(oldValue), to: newValue }]
  return [
    need,
    ...(neighbour === null
      ? []
      : [{ does: 'need', object: label(neighbour), how: 'places a value beside' } as const]),
    createOf(label(newValue), { isOptional: node.skipIfNewValExists === true }),
  ]
}

function createListed(names: readonly SyntaxNode[]): readonly Effect[] {
  return createNamed('type', nameListed('type', names))
}

function createNamed(
  kind: ObjectKind,
  named: NamedObject | null,
  change: Parameters<typeof createOf>[1] = {},
): readonly Effect[] {
  return named ? [createOf(nameObject(kind, named.schema, named.name), change)] : [obscured]
}

function createView(node: SyntaxNode): readonly Effect[] {
  const view = readNode(node, 'view')
  if (readText(view, 'relpersistence') === 't') return hide(view)
  return createNamed('view', readRelationOf(view), { replaces: node.replace === true })
}

function createFromQuery(statement: ParsedSql, node: SyntaxNode): readonly Effect[] {
  const target = readNode(readNode(node, 'into'), 'rel')
  const needs = readTables(statement, target, '')
  if (readText(target, 'relpersistence') === 't') return [...needs, ...hide(target)]
  const kind = node.objtype === 'OBJECT_MATVIEW' ? 'view' : 'relation'
  return [...needs, ...createNamed(kind, readRelationOf(target), { isOptional: node.if_not_exists === true })]
}

function createSchema(node: SyntaxNode): readonly Effect[] {
  const name = readText(node, 'schemaname')
  if (name === null || readNodes(node, 'schemaElts').length > 0) return [obscured]
  return [createOf(nameObject('schema', null, name), { isOptional: node.if_not_exists === true })]
}

function createPart(
  kind: ObjectKind,
  relation: SyntaxNode,
  node: SyntaxNode,
  field: string,
  replaces: boolean,
): readonly Effect[] {
  const table = readRelationOf(relation)
  const name = readText(node, field)
  if (!table || name === null) return []
  const columns = readNameParts(readNodes(node, 'columns'))
  return [
    { does: 'need', object: table, how: `puts a ${kind} on` },
    ...columns.map(
      (column): Effect => ({
        does: 'need',
        object: nameObject('column', table.schema, table.name, column),
        how: `puts a ${kind} on`,
      }),
    ),
    createOf(nameObject(kind, table.schema, table.name, name), { replaces }),
  ]
}

/** Relations that a query reads or changes; the one that is made is none of them. */
function readTables(statement: ParsedSql, made: SyntaxNode, field: string): readonly Effect[] {
  const target = readRelationOf(field === '' ? made : readNode(made, field))
  return statement.tables.flatMap((text): readonly Effect[] => {
    const parts = splitName(text)
    // The parser writes `public` where nothing is written.
    const schema = parts.at(-2) === 'public' ? null : (parts.at(-2) ?? null)
    const name = parts.at(-1) ?? ''
    if (name === target?.name && schema === (target.schema === 'public' ? null : target.schema)) return []
    return [{ does: 'need', object: nameObject('relation', schema, name), how: 'uses' }]
  })
}

function hide(relation: SyntaxNode): readonly Effect[] {
  const name = readText(relation, 'relname')
  return name === null ? [] : [{ does: 'hide', name }]
}

function nameListed(kind: ObjectKind, nodes: readonly SyntaxNode[]): NamedObject | null {
  const parts = readNameParts(nodes)
  const name = parts.at(-1)
  return name === undefined ? null : nameObject(kind, parts.at(-2) ?? null, name)
}
