import {
  readNameParts,
  readNode,
  readNodes,
  readText,
  type SyntaxNode,
} from '../../../shared/sql/syntax-node.ts'
import type { LintStatement } from './lint-statement.ts'
import { findExclusiveLocks } from './tree/exclusive-locks.ts'
import { nameRelation, readListedRelation, readRelation } from './tree/relation.ts'
import {
  readAddedColumns,
  readAddedConstraints,
  readNewColumns,
  readTableCommands,
  readTableConstraints,
} from './tree/table-commands.ts'

/** What the open transaction holds so far. */
export interface TransactionState {
  /** False when every statement is committed by itself. */
  readonly isOpen: boolean
  /** Tables that were there before and are locked exclusively, each with the name to show. */
  readonly exclusive: ReadonlyMap<string, string>
  /** Constraints that were added `not valid`, as `table.constraint`. */
  readonly unvalidated: ReadonlySet<string>
  /** Values added to enums, each with its enum. */
  readonly enumValues: ReadonlyMap<string, string>
  /** Whether a statement before this one changed the schema. */
  readonly hasSchemaChange: boolean
  /** Tables that an `alter table` has changed already. */
  readonly altered: ReadonlySet<string>
  /** Whether something already ran under an exclusive lock. */
  readonly hasFollower: boolean
}

/** What the statements of a route did so far. */
export interface RouteState {
  readonly transaction: TransactionState
  /** Whether this plan made the table itself, so that nobody else can see it yet. */
  isNew(table: string): boolean
  isNewColumn(table: string, column: string): boolean
  /** Whether a check of this plan proves that a column holds no null. */
  isProven(table: string, column: string): boolean
  /** Indexes that this plan makes, by their key, with their table and columns. */
  readonly indexes: ReadonlyMap<string, NewIndex>
  readonly droppedIndexes: ReadonlySet<string>
}

export interface NewIndex {
  readonly table: string
  readonly columns: readonly (string | null)[]
  readonly isUnique: boolean
  /** Whether it is a plain b-tree on columns, of all rows. */
  readonly isPlain: boolean
}

interface OpenTransaction {
  isOpen: boolean
  exclusive: Map<string, string>
  unvalidated: Set<string>
  enumValues: Map<string, string>
  hasSchemaChange: boolean
  altered: Set<string>
  hasFollower: boolean
}

/** Follows a route statement by statement. */
export class RouteFollower implements RouteState {
  #transaction = openTransaction(false)
  /** Whether a tenant has a table that is made `if not exists`. */
  readonly #exists: (table: string) => boolean
  readonly #tables = new Set<string>()
  readonly #columns = new Set<string>()
  readonly #proven = new Set<string>()
  readonly #enums = new Set<string>()
  /** Checks that were added `not valid`, with the column of which they would prove something. */
  readonly #checks = new Map<string, string>()
  readonly indexes = new Map<string, NewIndex>()
  readonly droppedIndexes = new Set<string>()

  constructor(exists: (table: string) => boolean) {
    this.#exists = exists
  }

  get transaction(): TransactionState {
    return this.#transaction
  }

  isNew(table: string): boolean {
    return this.#tables.has(table)
  }

  isNewColumn(table: string, column: string): boolean {
    return this.isNew(table) || this.#columns.has(`${table}.${column}`)
  }

  isProven(table: string, column: string): boolean {
    return this.#proven.has(`${table}.${column}`)
  }

  /** A transaction begins; `isOpen` is false where each statement is its own. */
  begin(isOpen: boolean): void {
    this.#transaction = openTransaction(isOpen)
  }

  /** Notes what a statement did, after the rules have seen it. */
  follow(statement: LintStatement): void {
    const { isOpen } = this.#transaction
    this.#noteTransaction(statement)
    this.#noteSchema(statement)
    if (!isOpen) this.#transaction = openTransaction(false)
  }

  #noteTransaction(statement: LintStatement): void {
    const { tree } = statement
    const transaction = this.#transaction
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
      if (value !== null && !this.#enums.has(name)) transaction.enumValues.set(value, name)
    }
    if (tree.type === 'CreateEnumStmt') {
      this.#enums.add(readNameParts(readNodes(tree.node, 'typeName')).at(-1) ?? '')
    }
    if (isSchemaChange(tree.type)) transaction.hasSchemaChange = true
  }

  #noteSchema(statement: LintStatement): void {
    const { type, node } = statement.tree
    const made = readMadeTable(type, node)
    if (made !== null && !(made.isOptional && this.#exists(made.key))) this.#tables.add(made.key)
    for (const { table, column } of readAddedColumns(statement))
      this.#columns.add(`${table.key}.${column.name}`)
    this.#noteProofs(statement)
    if (type === 'RenameStmt' && readText(node, 'renameType') === 'OBJECT_TABLE') this.#rename(node)
    if (type === 'IndexStmt') this.#noteIndex(node)
    this.#noteKeys(statement)
    if (type === 'DropStmt' && readText(node, 'removeType') === 'OBJECT_INDEX') {
      for (const object of readNodes(node, 'objects')) {
        const key = readListedRelation(object)?.key
        if (key !== undefined) {
          this.droppedIndexes.add(key)
          this.indexes.delete(key)
        }
      }
    }
  }

  #noteProofs(statement: LintStatement): void {
    for (const { table, constraint } of readAddedConstraints(statement, 'check')) {
      const column = readProvenColumn(constraint.expression)
      if (column === null) continue
      if (constraint.scans) this.#proven.add(`${table.key}.${column}`)
      else if (constraint.name !== null) this.#checks.set(`${table.key}.${constraint.name}`, column)
    }
    for (const { table, action, name } of readTableCommands(statement)) {
      const column = action === 'ValidateConstraint' ? this.#checks.get(`${table.key}.${name}`) : undefined
      if (column !== undefined) this.#proven.add(`${table.key}.${column}`)
    }
  }

  #rename(node: SyntaxNode): void {
    const from = readRelation(readNode(node, 'relation'))
    const to = readText(node, 'newname')
    if (from && to !== null && this.#tables.has(from.key)) this.#tables.add(nameRelation(from.schema, to).key)
  }

  #noteIndex(node: SyntaxNode): void {
    const table = readRelation(readNode(node, 'relation'))
    const name = readText(node, 'idxname')
    if (!table || name === null) return
    const key = nameRelation(table.schema, name).key
    this.droppedIndexes.delete(key)
    const columns = readIndexColumns(node)
    const isTree = (readText(node, 'accessMethod') ?? 'btree') === 'btree'
    const isPlain = isTree && !('whereClause' in node) && !columns.includes(null)
    this.indexes.set(key, { table: table.key, columns, isUnique: node.unique === true, isPlain })
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
      this.indexes.set(key, { table: table.key, columns, isUnique: true, isPlain: true })
    }
  }
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

function openTransaction(isOpen: boolean): OpenTransaction {
  return {
    isOpen,
    exclusive: new Map(),
    unvalidated: new Set(),
    enumValues: new Map(),
    hasSchemaChange: false,
    altered: new Set(),
    hasFollower: false,
  }
}
