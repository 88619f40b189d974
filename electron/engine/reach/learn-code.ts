import { findCalls } from '../../sql/find-reach.ts'
import { quoteIdentifier } from '../../sql/quote-identifier.ts'
import {
  isSyntaxNode,
  readNameParts,
  readNode,
  readNodes,
  readText,
  type SyntaxNode,
  walkTree,
} from '../../sql/syntax-node.ts'
import type { LintStatement } from '../lint/statements/lint-statement.ts'
import { nameRelation } from '../lint/tree/relation.ts'
import { readOptionText } from '../lint/tree/statement-options.ts'
import type { ImplicitCode } from '../ports/reach-facts.ts'
import { findUses, readRelationUse } from './find-uses.ts'
import type { KnownCode } from './known-code.ts'

/** What a statement defines is known to those that come after it. */
export function learnCode({ tree }: Pick<LintStatement, 'tree'>, known: KnownCode): void {
  const { type, node, sql } = tree
  const own = readRelationUse(readNode(node, 'relation')).table
  const add = (table: string, when: ImplicitCode['when'], by: string, body = sql): void =>
    known.addImplicit({ table, when, by: `${by} ${table}`, body })
  switch (type) {
    case 'CreateFunctionStmt': {
      const language = readOptionText(node, 'language', 'options') || 'sql'
      const name = lastName(node, 'funcname')
      known.addRoutine({ name, language, isTrusted: trusted.has(language.toLowerCase()), body: sql })
      break
    }
    case 'CreateTrigStmt':
      known.addTrigger(own, { name: readText(node, 'trigname') ?? '', routine: lastName(node, 'funcname') })
      add(own, 'write', 'the condition of a trigger of', callsIn(readNode(node, 'whenClause')))
      break
    case 'CreateEventTrigStmt':
      known.addEventTrigger({
        name: readText(node, 'trigname') ?? '',
        routine: lastName(node, 'funcname'),
      })
      break
    case 'CreateForeignTableStmt':
      learnForeignTable(node, known)
      break
    case 'CreateStmt':
      add(own, 'build', 'a default or constraint of', callsIn(node))
      learnTies(own, node, known)
      break
    case 'AlterTableStmt':
      add(own, 'build', 'a default or constraint of', callsIn(node))
      learnTies(own, node, known)
      break
    case 'IndexStmt':
      add(own, 'build', 'an index of', callsIn(node))
      break
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
      add(readRelationUse(readNode(node, 'table')).table, 'read', 'a policy of')
      break
    case 'RuleStmt':
      add(own, readText(node, 'event') === 'CMD_SELECT' ? 'read' : 'write', 'a rule of')
      break
    case 'ViewStmt': {
      const view = readRelationUse(readNode(node, 'view')).table
      add(view, 'read', 'the query of the view')
      for (const { table } of findUses('SelectStmt', readNode(node, 'query'))) known.addFollower(view, table)
      break
    }
    case 'CreateTableAsStmt':
      if (readText(node, 'objtype') === 'OBJECT_MATVIEW') {
        const view = readRelationUse(readNode(readNode(node, 'into'), 'rel')).table
        add(view, 'build', 'the query of the materialized view')
      }
      break
    case 'CreateStatsStmt':
      for (const item of readNodes(node, 'relations'))
        add(readRelationUse(readNode(item, 'RangeVar')).table, 'build', 'statistics of', callsIn(node))
      break
    case 'RenameStmt':
      learnNewName(node, known)
      break
    case 'AlterObjectSchemaStmt':
      learnNewSchema(node, known)
      break
    case 'PrepareStmt':
      known.addRoutine({ ...preparedRoutine(node), language: 'sql', isTrusted: true, body: sql })
      break
    case 'CreateDomainStmt':
    case 'AlterDomainStmt':
      known.addImplicit({ table: null, when: 'build', by: 'a domain', body: sql })
      break
    case 'DefineStmt':
      learnDefinition(node, known)
      break
    case 'CreateCastStmt':
    case 'CreateOpClassStmt':
    case 'AlterOpFamilyStmt':
    case 'AlterOperatorStmt':
    case 'CreateRangeStmt':
    case 'CreateTransformStmt':
    case 'CreateConversionStmt':
      known.addImplicit({ table: null, when: 'build', by: 'an operator or type', body: callAllNames(node) })
      break
    case 'CreateSchemaStmt':
      for (const [inner, part] of readNodes(node, 'schemaElts').flatMap(Object.entries))
        if (isSyntaxNode(part)) learnCode({ tree: { ...tree, type: inner, node: part } }, known)
      break
    case 'CreateExtensionStmt':
      known.addExtension(readText(node, 'extname') ?? '')
      break
  }
}

/** The name under which a prepared statement is known, apart from all functions. */
export function preparedRoutine(node: SyntaxNode): { readonly name: string } {
  return { name: `prepared statement ${readText(node, 'name') ?? ''}` }
}

/** Languages that keep a function from files and the network. */
const trusted: ReadonlySet<string> = new Set([
  'sql',
  'plpgsql',
  'plperl',
  'pltcl',
  'plv8',
  'pljs',
  'internal',
])

/** With whom a table is written, and from whom it takes its defaults. */
function learnTies(table: string, node: SyntaxNode, known: KnownCode): void {
  for (const part of walkTree(node)) {
    const nameIn = (field: string): string | null => {
      const named = readNode(part, field)
      return readText(named, 'relname') === null ? null : readRelationUse(named).table
    }
    const like = isSyntaxNode(part.TableLikeClause)
      ? readRelationUse(readNode(readNode(part, 'TableLikeClause'), 'relation')).table
      : null
    if (like !== null) known.addName(table, like)
    const partition = isSyntaxNode(part.PartitionCmd)
      ? readRelationUse(readNode(readNode(part, 'PartitionCmd'), 'name')).table
      : null
    if (partition !== null) known.addFollower(table, partition)
    const parents = [...readNodes(part, 'inhRelations'), ...inherited(part)].map(
      item => readRelationUse(readNode(item, 'RangeVar')).table,
    )
    for (const parent of parents) {
      known.addName(table, parent)
      known.addFollower(parent, table)
    }
    const target = nameIn('pktable')
    if (target !== null && cascades(part)) known.addFollower(target, table)
  }
}

function inherited(part: SyntaxNode): readonly SyntaxNode[] {
  const command = readNode(part, 'AlterTableCmd')
  return readText(command, 'subtype') === 'AT_AddInherit' ? [readNode(command, 'def')] : []
}

function cascades(constraint: SyntaxNode): boolean {
  return ['fk_del_action', 'fk_upd_action'].some(field => /^[cnd]$/.test(readText(constraint, field) ?? ''))
}

function learnForeignTable(node: SyntaxNode, known: KnownCode): void {
  const { table } = readRelationUse(readNode(readNode(node, 'base'), 'relation'))
  known.foreignTables.add(table)
  const runsProgram = readNodes(node, 'options').some(
    option => readText(readNode(option, 'DefElem'), 'defname') === 'program',
  )
  if (!runsProgram) return
  known.addImplicit({ table, when: 'read', by: `the foreign table ${table}`, body: 'copy from program' })
}

function learnNewName(node: SyntaxNode, known: KnownCode): void {
  const name = readText(node, 'newname') ?? ''
  const relation = readNode(node, 'relation')
  if (/_(TABLE|VIEW|MATVIEW|FOREIGN_TABLE|INDEX)$/.test(readText(node, 'renameType') ?? '')) {
    const old = readRelationUse(relation).table
    known.addName(nameRelation(readText(relation, 'schemaname'), name).key, old)
  }
  const routine = lastName(readNode(readNode(node, 'object'), 'ObjectWithArgs'), 'objname')
  if (routine !== '') known.addRoutine({ name, language: 'sql', isTrusted: true, body: `"${routine}"()` })
}

function learnNewSchema(node: SyntaxNode, known: KnownCode): void {
  const relation = readNode(node, 'relation')
  const name = readText(relation, 'relname')
  if (name !== null)
    known.addName(nameRelation(readText(node, 'newschema'), name).key, readRelationUse(relation).table)
}

function learnDefinition(node: SyntaxNode, known: KnownCode): void {
  const body = callAllNames(node)
  if (readText(node, 'kind') === 'OBJECT_AGGREGATE') {
    known.addRoutine({ name: lastName(node, 'defnames'), language: 'sql', isTrusted: true, body })
  } else known.addImplicit({ table: null, when: 'build', by: 'an operator or type', body })
}

/** The functions that an expression calls, as text; what else a definition names does not run. */
function callsIn(node: SyntaxNode): string {
  return findCalls(node)
    .map(name => `${quoteIdentifier(name.at(-1) ?? '')}()`)
    .join(' ')
}

/** Names of functions stand there without a parenthesis. */
function callAllNames(root: SyntaxNode): string {
  const names = [...walkTree(root)].flatMap(node => {
    const name = readText(node, 'sval')
    return name === null ? [] : [`${quoteIdentifier(name)}()`]
  })
  return names.join(' ')
}

function lastName(node: SyntaxNode, field: string): string {
  return readNameParts(readNodes(node, field)).at(-1) ?? ''
}
