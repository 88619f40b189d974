import { countOf } from '../../../shared/text/plain-words.ts'
import type { Inspection, TableFile } from '../ports/inspection.ts'
import { type DroppedThing, describeLoss, type ThingCount } from './count-losses.ts'

/**
 * By table that stays: how many rows may be deleted and updated; null is any number, since it could not be told. And
 * whether all of it may be rewritten, as the rehearsal did.
 */
export type AcceptedChanges = ReadonlyMap<
  string,
  { readonly deleted: number | null; readonly updated: number | null; readonly rewritten: boolean }
>

/** What was accepted to be lost of one tenant by the downgrade; without any loss it is nothing, which is counted too. */
export interface AcceptedLosses {
  /** What goes, with what it held when that was told; null where it could not be counted. */
  readonly things: readonly ThingCount[]
  readonly changes: AcceptedChanges
}

/** Says what would be lost beyond what was accepted, in words; empty when it is no more. The counts are in the order of the things. */
export function findExcess(
  tenant: string,
  { things }: AcceptedLosses,
  counts: readonly (number | null)[],
): readonly string[] {
  return things.flatMap(({ thing, count: told }, index) => {
    const now = counts[index] ?? null
    if (told === null || (now !== null && now <= told)) return []
    return [`tenant ${tenant} would lose ${sayLoss(thing, now)}, not ${sayLoss(thing, told)}`]
  })
}

function sayLoss(thing: DroppedThing, count: number | null): string {
  return describeLoss(thing, count).join('') || 'nothing'
}

/** Says which rows of tables that stay were changed beyond what was accepted, in words. */
export function findExcessChanges(
  tenant: string,
  { changes }: AcceptedLosses,
  { rowsChanged = [] }: Inspection,
): readonly string[] {
  return rowsChanged.flatMap(({ table, deleted, updated }) => {
    const accepted = changes.get(table)
    if (!accepted) return []
    const excess = (['deleted', 'updated'] as const).filter(kind => {
      const most = accepted[kind]
      return most !== null && { deleted, updated }[kind] > most
    })
    return excess.map(
      kind =>
        `tenant ${tenant}: ${countOf({ deleted, updated }[kind], 'row')} of table ${table} would be ${kind}, and ${accepted[kind]} were told`,
    )
  })
}

/** Says which tables that stay were emptied, rewritten or made again beyond what was accepted, in words: no row is counted then. */
export function findRewritten(
  tenant: string,
  { changes }: AcceptedLosses,
  before: readonly TableFile[],
  { files }: Inspection,
): readonly string[] {
  if (!files) return []
  const known = new Map(before.map(({ identity, file }) => [identity, file]))
  const left = new Set(files.map(({ identity }) => identity))
  const rewritten = files
    .filter(({ identity, file }) => known.has(identity) && known.get(identity) !== file)
    .filter(({ table }) => changes.get(table)?.rewritten === false)
  const replaced = before.filter(({ identity, table }) => !left.has(identity) && changes.has(table))
  return [...rewritten, ...replaced].map(
    ({ table }) =>
      `tenant ${tenant}: table ${table} would be emptied or rewritten as a whole, which was not told`,
  )
}
