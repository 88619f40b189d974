import { readNameParts, readNode, readNodes, readText, type SyntaxNode } from '../../../sql/syntax-node.ts'
import type { LintStatement } from '../statements/lint-statement.ts'
import { findExclusiveLocks } from '../tree/exclusive-locks.ts'
import { nameRelation, readListedRelation, readRelation } from '../tree/relation.ts'
import {
  readAddedColumns,
  readAddedConstraints,
  readNewColumns,
  readTableCommands,
  readTableConstraints,
} from '../tree/table-commands.ts'
import type { PlannedSecurity } from './catalog-facts.ts'
import { ForkFollower } from './follow-forks.ts'
import {
  copyFacts,
  joinFacts,
  type NewIndex,
  noFacts,
  openTransaction,
  type TransactionState,
} from './route-facts.ts'

/** What the statements of a route did so far. */
export interface RouteState {
  readonly transaction: TransactionState
  /** Whether this plan made the table itself, so that no other session can see it yet. */
  isNew(table: string): boolean
  isNewColumn(table: string, column: string): boolean
  /** Whether a check of this plan proves that a column holds no null. */
  isProven(table: string, column: string): boolean
  /** What this plan has switched of a table's row-level security so far. */
  securityOf(table: string): PlannedSecurity
  /** Whether the plan has taken another role, of which nothing is known here. */
  readonly isOtherRole: boolean
  /** Indexes that this plan makes, by their key, with their table and columns. */
  readonly indexes: ReadonlyMap<string, NewIndex>
  readonly droppedIndexes: ReadonlySet<string>
}

/** Follows a route statement by statement. */
export class RouteFollower implements RouteState {
  /** Whether a tenant has a table that is made `if not exists`. */
  readonly #exists: (table: string) => boolean
  readonly #forks = new ForkFollower(copyFacts, joinFacts)
  #known = noFacts()
  /** Whether a block runs in a transaction of its own. */
  #isOwnBlock = false
  #isOtherRole = false

  constructor(exists: (table: string) => boolean) {
    this.#exists = exists
  }

  get transaction(): TransactionState {
    return this.#known.transaction
  }

  get indexes(): ReadonlyMap<string, NewIndex> {
    return this.#known.indexes
  }

  get droppedIndexes(): ReadonlySet<string> {
    return this.#known.droppedIndexes
  }

  isNew(table: string): boolean {
    return this.#known.tables.has(table)
  }

  isNewColumn(table: string, column: string): boolean {
    return this.isNew(table) || this.#known.columns.has(`${table}.${column}`)
  }

  get isOtherRole(): boolean {
    return this.#isOtherRole
  }

  securityOf(table: string): PlannedSecurity {
    return { isNew: this.isNew(table), ...this.#known.security.get(table) }
  }

  isProven(table: string, column: string): boolean {
    return this.#known.proven.has(`${table}.${column}`)
  }

  /** A transaction begins; `isOpen` is false where each statement is its own. */
  begin(isOpen: boolean): void {
    this.#known = { ...this.#known, transaction: openTransaction(isOpen) }
  }

  /** Goes on to a place in a `do` block, or, with null, out of it. */
  reach(path: LintStatement['path']): void {
    // What runs in a block is one transaction, even where each statement is its own.
    if (path !== null && !this.transaction.isOpen) {
      this.begin(true)
      this.#isOwnBlock = true
    }
    this.#known = this.#forks.reach(path ?? [], this.#known)
    if (path !== null || !this.#isOwnBlock) return
    this.begin(false)
    this.#isOwnBlock = false
  }

  /** Notes what a statement did, after the rules have seen it. */
  follow(statement: LintStatement): void {
    const { isOpen } = this.transaction
    this.#noteTransaction(statement)
    this.#noteSchema(statement)
    if (!isOpen) this.begin(false)
  }

  #noteTransaction(statement: LintStatement): void {
    const { tree } = statement
    const { transaction } = this.#known
    if (transaction.exclusive.size > 0 && !isPassing(tree.type)) transaction.hasFollower = true
    for (const table of findExclusiveLocks(statement)) {
      if (!this.isNew(table.key)) transaction.exclusive.set(table.key, table.sql)
    }
    for (const { table } of readTableCommands(statement)) transaction.altered.add(table.key)
    for (const kind of ['check', 'foreign', 'notnull']) {
      for (const { table, constraint } of readAddedConstraints(statement, kind)) {
        if (constraint.name !== null && !constraint.scans)
          transaction.unvalidated.add(`${table.key}.${constraint.name}`)
      }
    }
    if (tree.type === 'AlterEnumStmt' && !('oldVal' in tree.node)) {
      const value = readText(tree.node, 'newVal')
      const parts = readNameParts(readNodes(tree.node, 'typeName'))
      // Values of an enum that is new itself may be used at once.
      const name = parts.at(-1) ?? ''
      if (value !== null && !this.#known.enums.has(name)) transaction.enumValues.set(value, name)
    }
    if (tree.type === 'CreateEnumStmt') {
      this.#known.enums.add(readNameParts(readNodes(tree.node, 'typeName')).at(-1) ?? '')
    }
    if (isSchemaChange(tree.type)) transaction.hasSchemaChange = true
  }

  #noteSchema(statement: LintStatement): void {
    const { type, node } = statement.tree
    this.#noteSecurity(statement)
    const made = readMadeTable(type, node)
    if (made !== null && !(made.isOptional && this.#exists(made.key))) this.#known.tables.add(made.key)
    for (const { table, column } of readAddedColumns(statement))
      this.#known.columns.add(`${table.key}.${column.name}`)
    this.#noteProofs(statement)
    if (type === 'RenameStmt' && readText(node, 'renameType') === 'OBJECT_TABLE') this.#rename(node)
    if (type === 'IndexStmt') this.#noteIndex(node)
    this.#noteKeys(statement)
    if (type === 'DropStmt' && readText(node, 'removeType') === 'OBJECT_INDEX') {
      for (const object of readNodes(node, 'objects')) {
        const key = readListedRelation(object)?.key
        if (key !== undefined) {
          this.#known.droppedIndexes.add(key)
          this.#known.indexes.delete(key)
        }
      }
    }
  }

  #noteSecurity(statement: LintStatement): void {
    const { type, node } = statement.tree
    const variable = type === 'VariableSetStmt' ? readText(node, 'name') : null
    if (variable === 'role' || variable === 'session_authorization') {
      this.#isOtherRole = readText(node, 'kind') === 'VAR_SET_VALUE'
    }
    for (const { table, action } of readTableCommands(statement)) {
      const change = securityChanges[action]
      if (change) {
        this.#known.security.set(table.key, { ...this.#known.security.get(table.key), ...change })
      }
    }
  }

  #noteProofs(statement: LintStatement): void {
    for (const { table, constraint } of readAddedConstraints(statement, 'check')) {
      const column = readProvenColumn(constraint.expression)
      if (column === null) continue
      if (constraint.scans) this.#known.proven.add(`${table.key}.${column}`)
      else if (constraint.name !== null) this.#known.checks.set(`${table.key}.${constraint.name}`, column)
    }
    for (const { table, action, name } of readTableCommands(statement)) {
      const column =
        action === 'ValidateConstraint' ? this.#known.checks.get(`${table.key}.${name}`) : undefined
      if (column !== undefined) this.#known.proven.add(`${table.key}.${column}`)
    }
  }

  #rename(node: SyntaxNode): void {
    const from = readRelation(readNode(node, 'relation'))
    const to = readText(node, 'newname')
    if (from && to !== null && this.#known.tables.has(from.key))
      this.#known.tables.add(nameRelation(from.schema, to).key)
  }

  #noteIndex(node: SyntaxNode): void {
    const table = readRelation(readNode(node, 'relation'))
    const name = readText(node, 'idxname')
    if (!table || name === null) return
    const key = nameRelation(table.schema, name).key
    this.#known.droppedIndexes.delete(key)
    const columns = readIndexColumns(node)
    const isTree = (readText(node, 'accessMethod') ?? 'btree') === 'btree'
    const isPlain = isTree && !('whereClause' in node) && !columns.includes(null)
    this.#known.indexes.set(key, { table: table.key, columns, isUnique: node.unique === true, isPlain })
  }

  /** Keys and unique constraints have an index of their own. */
  #noteKeys(statement: LintStatement): void {
    const own = readRelation(readNode(statement.tree.node, 'relation'))
    const beside = own ? readTableConstraints(statement).map(constraint => ({ table: own, constraint })) : []
    const inline = readNewColumns(statement).flatMap(({ table, column }) =>
      column.constraints.map(constraint => ({
        table,
        constraint: { ...constraint, columns: [column.name] },
      })),
    )
    const added = ['primary', 'unique'].flatMap(kind => readAddedConstraints(statement, kind))
    for (const { table, constraint } of [...beside, ...inline, ...added]) {
      const { kind, columns, indexName } = constraint
      if ((kind !== 'primary' && kind !== 'unique') || indexName !== null) continue
      const ending = kind === 'primary' ? [table.name, 'pkey'] : [table.name, ...columns, 'key']
      const key = nameRelation(table.schema, constraint.name ?? ending.join('_')).key
      this.#known.indexes.set(key, { table: table.key, columns, isUnique: true, isPlain: true })
    }
  }
}

const securityChanges: Readonly<
  Record<string, { readonly isEnabled?: boolean; readonly isForced?: boolean } | undefined>
> = {
  EnableRowSecurity: { isEnabled: true },
  DisableRowSecurity: { isEnabled: false },
  ForceRowSecurity: { isForced: true },
  NoForceRowSecurity: { isForced: false },
}

/** Key columns of a `create index`; null for an expression. */
export function readIndexColumns(node: SyntaxNode): readonly (string | null)[] {
  return readNodes(node, 'indexParams').map(item => readText(readNode(item, 'IndexElem'), 'name'))
}

/** The column of `check (column is not null)`; null for any other condition. */
function readProvenColumn(expression: SyntaxNode): string | null {
  const test = readNode(expression, 'NullTest')
  if (test.nulltesttype !== 'IS_NOT_NULL') return null
  return readNameParts(readNodes(readNode(readNode(test, 'arg'), 'ColumnRef'), 'fields')).at(-1) ?? null
}

function readMadeTable(
  type: string,
  node: SyntaxNode,
): { readonly key: string; readonly isOptional: boolean } | null {
  const base = type === 'CreateForeignTableStmt' ? readNode(node, 'base') : node
  const relation =
    type === 'CreateTableAsStmt' ? readNode(readNode(node, 'into'), 'rel') : readNode(base, 'relation')
  const isMade = type === 'CreateStmt' || type === 'CreateForeignTableStmt' || type === 'CreateTableAsStmt'
  const key = isMade ? readRelation(relation)?.key : undefined
  return key === undefined ? null : { key, isOptional: base.if_not_exists === true }
}

/** Statements that take no time and no lock worth a word. */
function isPassing(type: string): boolean {
  return type === 'VariableSetStmt' || type === 'CommentStmt' || type === 'SelectStmt' || type === ''
}

function isSchemaChange(type: string): boolean {
  return /^(Alter|Create|Drop|Index|Rename|Rule|View|Define|Composite)/.test(type)
}
