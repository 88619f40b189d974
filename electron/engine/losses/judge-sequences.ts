import type { SequenceState, TableContents } from '../ports/shadows.ts'
import type { DroppedThing } from './count-losses.ts'

/** What a downgrade does to sequences: those that go, and in words those that it sets to another number. */
export function judgeSequences(
  before: readonly SequenceState[],
  back: readonly SequenceState[],
  tables: readonly TableContents[],
): { readonly dropped: readonly DroppedThing[]; readonly losses: readonly string[] } {
  const dropped: DroppedThing[] = []
  const losses: string[] = []
  for (const sequence of before) {
    const now = back.find(one => one.identity === sequence.identity)
    // What belongs to a column that goes is counted with that.
    if (!now && !ownerGoes(sequence, tables)) dropped.push({ kind: 'sequence', table: sequence.table })
    if (now && now.position !== sequence.position)
      losses.push(`sequence ${now.table} is set from ${say(sequence)} to ${say(now)}`)
  }
  return { dropped, losses }
}

function ownerGoes({ ownerTable, ownerColumn }: SequenceState, tables: readonly TableContents[]): boolean {
  if (ownerTable === null) return false
  const owner = tables.find(({ identity }) => identity === ownerTable)
  return !owner?.columns.some(({ identity }) => identity === ownerColumn)
}

function say({ position }: SequenceState): string {
  return position ?? 'its beginning'
}
