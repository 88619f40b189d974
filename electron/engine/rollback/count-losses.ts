import { assertNever } from '../../../shared/assert-never.ts'
import { countOf } from '../../../shared/plain-words.ts'
import type { Tenant } from '../../../shared/topology.ts'
import type { CountWish, LossFacts } from '../ports/loss-facts.ts'

/** What goes with a way down: a table, a column, or what a column's values were before they become another type. */
export type DroppedThing =
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string }
  | {
      readonly kind: 'conversion'
      readonly table: string
      readonly column: string
      readonly from: string
      readonly to: string
    }

/** How much a thing holds; null where it could not be counted. */
export interface ThingCount {
  readonly thing: DroppedThing
  readonly count: number | null
}

/** What is lost with tables and columns: in words with numbers, and rows in all; null where they could not be counted. */
export interface CountedLosses {
  readonly losses: readonly string[]
  readonly rows: number | null
  readonly things: readonly ThingCount[]
}

/** Counts what a tenant holds now in what its way down drops. */
export async function countLosses(
  facts: Pick<LossFacts, 'count'>,
  tenant: Tenant,
  dropped: readonly DroppedThing[],
  signal: AbortSignal,
): Promise<CountedLosses> {
  if (dropped.length === 0) return { losses: [], rows: 0, things: [] }
  const counts = await facts.count(tenant, dropped.map(wishOf), signal)
  const things = dropped.map((thing, index) => ({ thing, count: counts[index] ?? null }))
  const rows = counts.reduce<number | null>(
    (sum, count) => (sum === null || count === null ? null : sum + count),
    0,
  )
  return { losses: things.flatMap(({ thing, count }) => describeLoss(thing, count)), rows, things }
}

/** What is counted of a thing. */
export function wishOf(thing: DroppedThing): CountWish {
  switch (thing.kind) {
    case 'table':
      return { kind: 'rows', table: thing.table }
    case 'column':
      return { kind: 'values', table: thing.table, column: thing.column }
    case 'conversion':
      return { kind: 'filled', table: thing.table, column: thing.column }
    default:
      return assertNever(thing)
  }
}

/** What is lost with a thing that holds so much, in words; empty when that is nothing. */
export function describeLoss(thing: DroppedThing, count: number | null): readonly string[] {
  const name = thing.kind === 'table' ? `table ${thing.table}` : `column ${thing.table}.${thing.column}`
  if (count === null) return [`what ${name} holds, which could not be counted`]
  if (count === 0) return []
  const what = `${countOf(count, thing.kind === 'table' ? 'row' : 'value')} of ${name}`
  return [thing.kind === 'conversion' ? `${what} in part: ${thing.from} becomes ${thing.to}` : what]
}
