import { definesOnly } from '../../sql/find-reach.ts'
import { readNode, readNodes, readText, type SyntaxNode } from '../../sql/syntax-node.ts'
import { findFunctionCalls, findRelations } from './find-tables.ts'
import type { ParsedStatement } from './parse-sql.ts'

/**
 * Where a statement can run.
 *
 * `transactional`: in a transaction that may be prepared. `unpreparable`: in a transaction, but PREPARE TRANSACTION
 * refuses it afterwards. `outside`: the server refuses it in a transaction block. `control`: it begins, ends or
 * divides a transaction itself.
 */
export type StatementClass =
  | { readonly kind: 'transactional' }
  | { readonly kind: 'unpreparable' | 'outside' | 'control'; readonly reason: string }

/** Says where a statement can run; seen on PostgreSQL 15 and 18. What a function does inside is not seen. */
export function classifyStatement(statement: ParsedStatement): StatementClass {
  if (statement.type === 'TransactionStmt') {
    return { kind: 'control', reason: `${nameControl(statement.node)} controls the transaction itself` }
  }
  const outside = findOutsideCommand(statement)
  if (outside !== null) return { kind: 'outside', reason: `${outside} cannot run inside a transaction block` }
  const unpreparable = findUnpreparable(statement)
  if (unpreparable !== null) {
    return { kind: 'unpreparable', reason: `a transaction that ${unpreparable} cannot be prepared` }
  }
  return { kind: 'transactional' }
}

function nameControl(node: SyntaxNode): string {
  return (readText(node, 'kind') ?? '').replace('TRANS_STMT_', '').replaceAll('_', ' ')
}

/** The command that the server refuses in a transaction block, in its own words; null when there is none. */
function findOutsideCommand({ type, node }: ParsedStatement): string | null {
  switch (type) {
    case 'IndexStmt':
      return node.concurrent === true ? 'CREATE INDEX CONCURRENTLY' : null
    case 'DropStmt':
      return node.concurrent === true ? 'DROP INDEX CONCURRENTLY' : null
    case 'ReindexStmt':
      return nameReindex(node)
    case 'VacuumStmt':
      return node.is_vacuumcmd === true ? 'VACUUM' : null
    case 'ClusterStmt':
      return 'relation' in node ? null : 'CLUSTER without a table'
    case 'AlterTableStmt':
      return detachesConcurrently(node) ? 'ALTER TABLE ... DETACH CONCURRENTLY' : null
    case 'AlterDatabaseStmt':
      return hasOption(node, 'tablespace') ? 'ALTER DATABASE SET TABLESPACE' : null
    case 'DiscardStmt':
      return node.target === 'DISCARD_ALL' ? 'DISCARD ALL' : null
    case 'CreateSubscriptionStmt':
      return makesSlot(node) ? 'CREATE SUBSCRIPTION ... WITH (create_slot = true)' : null
    case 'AlterSubscriptionStmt':
      return refreshesSubscription(node) ? 'ALTER SUBSCRIPTION with refresh' : null
    default:
      return alwaysOutside.get(type) ?? null
  }
}

const alwaysOutside: ReadonlyMap<string, string> = new Map([
  ['AlterSystemStmt', 'ALTER SYSTEM'],
  ['CreatedbStmt', 'CREATE DATABASE'],
  ['DropdbStmt', 'DROP DATABASE'],
  ['CreateTableSpaceStmt', 'CREATE TABLESPACE'],
  ['DropTableSpaceStmt', 'DROP TABLESPACE'],
  // Only when it has a slot, which only the server knows: better split off than failing in the vote.
  ['DropSubscriptionStmt', 'DROP SUBSCRIPTION'],
])

function nameReindex(node: SyntaxNode): string | null {
  if (hasOption(node, 'concurrently', 'params')) return 'REINDEX CONCURRENTLY'
  const kind = (readText(node, 'kind') ?? '').replace('REINDEX_OBJECT_', '')
  return kind === 'DATABASE' || kind === 'SYSTEM' || kind === 'SCHEMA' ? `REINDEX ${kind}` : null
}

function detachesConcurrently(node: SyntaxNode): boolean {
  return readNodes(node, 'cmds').some(
    command =>
      readNode(readNode(readNode(command, 'AlterTableCmd'), 'def'), 'PartitionCmd').concurrent === true,
  )
}

function makesSlot(node: SyntaxNode): boolean {
  return ['connect', 'create_slot'].every(name => hasOption(node, name) || !mentionsOption(node, name))
}

function refreshesSubscription(node: SyntaxNode): boolean {
  if (node.kind === 'ALTER_SUBSCRIPTION_REFRESH') return true
  const changesList = /_(SET|ADD|DROP)_PUBLICATION$/.test(readText(node, 'kind') ?? '')
  return changesList && (hasOption(node, 'refresh') || !mentionsOption(node, 'refresh'))
}

function findOption(node: SyntaxNode, name: string, field: string): SyntaxNode | undefined {
  return readNodes(node, field)
    .map(option => readNode(option, 'DefElem'))
    .find(option => readText(option, 'defname') === name)
}

function mentionsOption(node: SyntaxNode, name: string): boolean {
  return findOption(node, name, 'options') !== undefined
}

/** An option that is given and not switched off; `(concurrently)` alone means on. */
function hasOption(node: SyntaxNode, name: string, field = 'options'): boolean {
  const option = findOption(node, name, field)
  return (
    option !== undefined &&
    !/"sval":"(false|off|no)"|"ival":\{\}|"ival":0|"boolval":\{\}/.test(JSON.stringify(option.arg ?? null))
  )
}

const holdOption = 0x20

/** What makes PREPARE TRANSACTION fail later, as the end of "a transaction that ..."; null when nothing does. */
function findUnpreparable(statement: ParsedStatement): string | null {
  const { type, node } = statement
  if (type === 'ListenStmt' || type === 'UnlistenStmt' || type === 'NotifyStmt') {
    return `runs ${type.replace('Stmt', '').toUpperCase()}`
  }
  if (type === 'DeclareCursorStmt' && typeof node.options === 'number' && (node.options & holdOption) !== 0) {
    return 'declares a cursor WITH HOLD'
  }
  if (touchesTemporary(statement)) return 'touches a temporary table'
  if (definesOnly.has(type)) return null
  const calls = findFunctionCalls(statement)
  if (calls.includes('pg_notify')) return 'calls pg_notify()'
  if (calls.includes('pg_export_snapshot')) return 'exports its snapshot'
  return null
}

function touchesTemporary(statement: ParsedStatement): boolean {
  const isTemporarySchema = (schema: string | null) => schema !== null && /^pg_temp(_\d+)?$/.test(schema)
  if (findRelations(statement).some(relation => isTemporarySchema(relation.schema))) return true
  const { node } = statement
  const into = [readNode(node, 'into'), readNode(node, 'intoClause')].map(clause => readNode(clause, 'rel'))
  const made = [readNode(node, 'relation'), readNode(node, 'view'), readNode(node, 'sequence'), ...into]
  return made.some(
    relation => relation.relpersistence === 't' || isTemporarySchema(readText(relation, 'schemaname')),
  )
}
