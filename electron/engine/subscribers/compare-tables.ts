import type { SubscriberDifference } from '../../../shared/analysis/subscriber-forecast.ts'
import { quoteName } from '../../../shared/sql/quote-name.ts'
import { areDifferentTypes } from '../conflicts/made-type.ts'
import type { HeldTable, PublishedTable } from '../ports/subscriber-facts.ts'

/** Where the tables of a subscriber do not fit what is published to it; columns of its own are its own affair. */
export function compareTables(
  published: readonly PublishedTable[],
  held: readonly HeldTable[],
  subscription: string,
): readonly SubscriberDifference[] {
  const known = new Map(held.map(table => [table.table, table]))
  return published.flatMap(table => {
    const there = known.get(table.table)
    if (!there) return [{ kind: 'lacks_table' as const, object: table.table }]
    const isTaken = there.filledBy.includes(subscription)
    return [
      ...compareColumns(table, there),
      ...(isTaken ? [] : [{ kind: 'not_taken' as const, object: table.table }]),
    ]
  })
}

/** What a plan changes of what is published, for a subscriber whose tables are not known. */
export function compareWithBefore(
  after: readonly PublishedTable[],
  before: readonly PublishedTable[],
): readonly SubscriberDifference[] {
  const held = before.map(({ table, columns }) => ({
    table,
    columns: (columns ?? []).map(column => ({ ...column, isRequired: false })),
    filledBy: [''],
  }))
  return compareTables(after, held, '')
}

function compareColumns(published: PublishedTable, held: HeldTable): readonly SubscriberDifference[] {
  if (published.columns === null) return []
  const nameOf = (column: string): string => `${published.table}.${quoteName(column)}`
  const there = new Map(held.columns.map(column => [column.name, column]))
  const sent = new Set(published.columns.map(column => column.name))
  const missing = published.columns.flatMap(({ name, type }): readonly SubscriberDifference[] => {
    const column = there.get(name)
    if (!column) return [{ kind: 'lacks_column', object: nameOf(name) }]
    if (!areDifferentTypes(column.type, type)) return []
    return [{ kind: 'other_type', object: nameOf(name), published: type.sql, held: column.type.sql }]
  })
  const wanting = held.columns.filter(column => column.isRequired && !sent.has(column.name))
  return [...missing, ...wanting.map(({ name }) => ({ kind: 'needs_value' as const, object: nameOf(name) }))]
}
