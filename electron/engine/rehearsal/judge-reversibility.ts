import type { RouteRehearsal, TracedStatement } from '../../../shared/analysis/rehearsal.ts'
import { countOf, listNames } from '../../../shared/text/plain-words.ts'
import type { ColumnContents, TableContents } from '../ports/shadows.ts'

type Verdict = RouteRehearsal['reversibility']

/** What a copy was before the upgrade, after it, and after the downgrade. */
export interface DowngradeComparison {
  readonly before: readonly TableContents[]
  readonly back: readonly TableContents[]
  /** Statements of the upgrade and of the downgrade. */
  readonly statements: readonly TracedStatement[]
  /** Whether the copy held the tenant's own rows: without any, a changed value cannot be seen. */
  readonly hasRows: boolean
}

/**
 * Judges a downgrade that ran and ended in the schema that it began with.
 *
 * `lossless`: every table and column from before is still the same one, with the same number of rows and values and
 * with the same values. `lossy`: something of that is gone, or cannot be told. What is written into new objects after
 * the upgrade is no part of it: that is counted when a run is rolled back.
 */
export function judgeReversibility(way: DowngradeComparison): Verdict {
  const after = new Map(way.back.map(table => [table.table, table]))
  const lost = way.before.flatMap(table => compareTable(table, after.get(table.table)))
  if (lost.length > 0) return { verdict: 'lossy', evidence: lost }
  const unknown = [...listUnknown(way), ...listUncounted(way)]
  if (unknown.length > 0) return { verdict: 'lossy', evidence: unknown }
  const counted = way.before.filter(table => table.notCounted === undefined)
  const tables = countOf(counted.length, 'table')
  const rows = counted.reduce((sum, table) => sum + table.rows, 0)
  const compared = way.hasRows
    ? `${tables} with ${countOf(rows, 'row')} came back with every value`
    : `${tables} came back unharmed; nothing rewrites or changes their rows`
  const uncounted = way.before.flatMap(({ table, notCounted }) =>
    notCounted === undefined
      ? []
      : [`not counted: ${table} (${notCounted}); nothing rewrites or changes its rows`],
  )
  const isCompared = counted.length > 0 || uncounted.length === 0
  return { verdict: 'lossless', evidence: [...(isCompared ? [compared] : []), ...uncounted] }
}

function compareTable(before: TableContents, after: TableContents | undefined): readonly string[] {
  const { table } = before
  if (!after) return [`${table} does not come back`]
  if (before.notCounted !== undefined || after.notCounted !== undefined) {
    return compareIdentities(before, after)
  }
  if (after.identity !== before.identity) {
    if (before.rows > 0 && after.rows === before.rows && sameValues(before, after)) return []
    return [`${table} is dropped and recreated: ${describeRows(before.rows, after.rows)}`]
  }
  if (after.rows !== before.rows) return [`${table}: ${describeRows(before.rows, after.rows)}`]
  return before.columns.flatMap(column => compareColumn(table, before.rows, column, after))
}

/** What was dropped shows without a count, too. */
function compareIdentities(before: TableContents, after: TableContents): readonly string[] {
  const { table } = before
  if (after.identity !== before.identity)
    return [`${table} is dropped and recreated: its rows do not come back`]
  return before.columns.flatMap(({ column, identity }) => {
    const now = after.columns.find(one => one.column === column)
    if (!now) return [`${table}.${column} does not come back`]
    if (now.identity === identity) return []
    return [`${table}.${column} is dropped and added again: its values do not come back`]
  })
}

function describeRows(before: number, after: number): string {
  return before === after && before === 0 ? 'rows do not come back' : `${before} rows before, ${after} after`
}

function compareColumn(
  table: string,
  rows: number,
  before: ColumnContents,
  { columns }: TableContents,
): readonly string[] {
  const after = columns.find(candidate => candidate.column === before.column)
  const name = `${table}.${before.column}`
  if (!after) return [`${name} does not come back`]
  const isNew = after.identity !== before.identity
  if (before.filled !== after.filled) {
    return [
      `${name}${isNew ? ' is dropped and added again' : ''}: ${before.filled} values before, ${after.filled} after`,
    ]
  }
  if (before.digest !== after.digest) return [`${name}: other values than before`]
  return isNew && rows === 0 ? [`${name} is dropped and added again: its values do not come back`] : []
}

function sameValues(before: TableContents, after: TableContents): boolean {
  return before.columns.every(({ column, filled, digest }) =>
    after.columns.some(one => one.column === column && one.filled === filled && one.digest === digest),
  )
}

/** Tables whose rows may not be counted, if anything could have changed them. */
function listUncounted(way: DowngradeComparison): readonly string[] {
  const written = new Set(listChanged(way))
  return way.before.flatMap(({ table, notCounted }) =>
    way.hasRows && notCounted !== undefined && written.has(table)
      ? [`not counted: ${table} (${notCounted}), so whether its values come back cannot be told`]
      : [],
  )
}

/** What could have changed values in tables from before, had there been any. */
function listUnknown(way: DowngradeComparison): readonly string[] {
  const names = way.hasRows ? [] : listChanged(way)
  if (names.length === 0) return []
  return [
    `the copy has no rows, so whether values of ${listNames(names)} come back cannot be told; rehearsal.data: sample would tell`,
  ]
}

function listChanged({ before, statements }: DowngradeComparison): readonly string[] {
  const tables = new Set(before.map(table => table.table))
  const rewritten = statements.flatMap(statement => statement.rewrites.filter(name => tables.has(name)))
  const written = statements
    .flatMap(statement => statement.locks)
    .filter(lock => lock.mode === 'RowExclusiveLock' && tables.has(lock.relation))
    .map(lock => lock.relation)
  return [...new Set([...rewritten, ...written])].sort()
}
