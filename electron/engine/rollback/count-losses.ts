import { countOf } from '../../../shared/plain-words.ts'
import type { Tenant } from '../../../shared/topology.ts'
import type { CountWish, LossFacts } from '../ports/loss-facts.ts'
import type { DroppedThing } from './rehearse-back.ts'

/** What is lost with tables and columns: in words with numbers, and rows in all; null where they could not be counted. */
export interface CountedLosses {
  readonly losses: readonly string[]
  readonly rows: number | null
}

/** Counts what a tenant holds now in what its way down drops. */
export async function countLosses(
  facts: LossFacts,
  tenant: Tenant,
  dropped: readonly DroppedThing[],
  signal: AbortSignal,
): Promise<CountedLosses> {
  if (dropped.length === 0) return { losses: [], rows: 0 }
  const wishes = dropped.map(
    (one): CountWish =>
      one.kind === 'table'
        ? { kind: 'rows', table: one.table }
        : { kind: 'values', table: one.table, column: one.column },
  )
  const counts = await facts.count(tenant, wishes, signal)
  const losses = dropped.flatMap((one, index) => describeLoss(one, counts[index] ?? null))
  const rows = counts.reduce<number | null>(
    (sum, count) => (sum === null || count === null ? null : sum + count),
    0,
  )
  return { losses, rows }
}

function describeLoss(one: DroppedThing, count: number | null): readonly string[] {
  const name = one.kind === 'table' ? `table ${one.table}` : `column ${one.table}.${one.column}`
  if (count === null) return [`what ${name} holds, which could not be counted`]
  if (count === 0) return []
  return [`${countOf(count, one.kind === 'table' ? 'row' : 'value')} of ${name}`]
}
