import { runOfCopy } from '../../naming/copy-name.ts'
import type { StrayDatabase } from '../ports/restores.ts'

/** Tells databases that runs on record here have made from those of others: only the first are ours to remove. */
export function splitStrays(
  strays: readonly StrayDatabase[],
  runs: readonly { readonly runId: string }[],
): { readonly ours: readonly StrayDatabase[]; readonly others: readonly StrayDatabase[] } {
  const known = new Set(runs.map(run => run.runId))
  const isOurs = ({ database }: StrayDatabase): boolean => known.has(runOfCopy(database) ?? '')
  return { ours: strays.filter(isOurs), others: strays.filter(stray => !isOurs(stray)) }
}
