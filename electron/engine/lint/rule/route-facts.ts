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

/** What is known at one place of a route. */
export interface RouteFacts {
  readonly transaction: OpenTransaction
  readonly tables: Set<string>
  readonly columns: Set<string>
  readonly proven: Set<string>
  readonly enums: Set<string>
  /** Checks that were added `not valid`, with the column of which they would prove something. */
  readonly checks: Map<string, string>
  readonly indexes: Map<string, NewIndex>
  readonly droppedIndexes: Set<string>
  /** Row-level security that this plan switches, by table. */
  readonly security: Map<string, { readonly isEnabled?: boolean; readonly isForced?: boolean }>
}

/** What is known before anything ran. */
export function noFacts(): RouteFacts {
  return {
    transaction: openTransaction(false),
    tables: new Set(),
    columns: new Set(),
    proven: new Set(),
    enums: new Set(),
    checks: new Map(),
    indexes: new Map(),
    droppedIndexes: new Set(),
    security: new Map(),
  }
}

/** A transaction in which nothing ran yet. */
export function openTransaction(isOpen: boolean): OpenTransaction {
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

/** A copy that can go its own way. */
export function copyFacts(facts: RouteFacts): RouteFacts {
  const { transaction } = facts
  return {
    transaction: {
      ...transaction,
      exclusive: new Map(transaction.exclusive),
      unvalidated: new Set(transaction.unvalidated),
      enumValues: new Map(transaction.enumValues),
      altered: new Set(transaction.altered),
    },
    tables: new Set(facts.tables),
    columns: new Set(facts.columns),
    proven: new Set(facts.proven),
    enums: new Set(facts.enums),
    checks: new Map(facts.checks),
    indexes: new Map(facts.indexes),
    droppedIndexes: new Set(facts.droppedIndexes),
    security: new Map(facts.security),
  }
}

/**
 * What is known behind several ways, of which it is not known which one was taken.
 *
 * What makes harmless, such as that a table is new, is as before them; what the transaction may hold is held.
 */
export function joinFacts(before: RouteFacts, ends: readonly RouteFacts[]): RouteFacts {
  const joined = copyFacts(before)
  const held = joined.transaction
  for (const { transaction, indexes } of ends) {
    for (const [table, name] of transaction.exclusive) held.exclusive.set(table, name)
    for (const constraint of transaction.unvalidated) held.unvalidated.add(constraint)
    for (const [value, name] of transaction.enumValues) held.enumValues.set(value, name)
    for (const table of transaction.altered) held.altered.add(table)
    held.hasSchemaChange ||= transaction.hasSchemaChange
    held.hasFollower ||= transaction.hasFollower
    // A table and its indexes are mostly made in the same branch, and the table is examined when all has run.
    for (const [key, index] of indexes) joined.indexes.set(key, index)
  }
  return joined
}
