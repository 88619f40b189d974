import { assertNever } from '../../../shared/text/assert-never.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { CountRequest, LossFacts } from '../ports/loss-facts.ts'

/** What goes with a downgrade: a table, a column, where a sequence stands, or what a column's values were before they become others. */
export type DroppedThing =
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string }
  | { readonly kind: 'sequence'; readonly table: string }
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

/** Counts what a tenant holds now in what its downgrade drops. */
export async function countLosses(
  facts: Pick<LossFacts, 'count'>,
  tenant: Tenant,
  dropped: readonly DroppedThing[],
  signal: AbortSignal,
): Promise<CountedLosses> {
  if (dropped.length === 0) return { losses: [], rows: 0, things: [] }
  const counts = await facts.count(tenant, dropped.map(countRequestOf), signal)
  const things = dropped.map((thing, index) => ({ thing, count: counts[index] ?? null }))
  const rows = things.reduce<number | null>((sum, { thing, count }) => {
    if (thing.kind === 'sequence') return sum
    return sum === null || count === null ? null : sum + count
  }, 0)
  return { losses: things.flatMap(({ thing, count }) => describeLoss(thing, count)), rows, things }
}

/** What is counted of a thing. */
export function countRequestOf(thing: DroppedThing): CountRequest {
  switch (thing.kind) {
    case 'table':
      return { kind: 'rows', table: thing.table }
    case 'column':
      return { kind: 'values', table: thing.table, column: thing.column }
    case 'sequence':
      return { kind: 'numbers', table: thing.table }
    case 'conversion':
      return { kind: 'filled', table: thing.table, column: thing.column }
    default:
      return assertNever(thing)
  }
}

function nameThing(thing: DroppedThing): string {
  switch (thing.kind) {
    case 'table':
    case 'sequence':
      return `${thing.kind} ${thing.table}`
    case 'column':
    case 'conversion':
      return `column ${thing.table}.${thing.column}`
    default:
      return assertNever(thing)
  }
}

/** What is lost with a thing that holds so much, in words; empty when that is nothing. */
export function describeLoss(thing: DroppedThing, count: number | null): readonly string[] {
  const name = nameThing(thing)
  if (count === null) return [`what ${name} holds, which could not be counted`]
  if (count === 0) return []
  if (thing.kind === 'sequence') return [`${name}, which has given out ${countOf(count, 'number')}`]
  const what = `${countOf(count, thing.kind === 'table' ? 'row' : 'value')} of ${name}`
  if (thing.kind !== 'conversion') return [what]
  const { from, to } = thing
  return [`${what} in part: ${from === to ? 'an expression computes them again' : `${from} becomes ${to}`}`]
}
