import { nearestKey } from '../../lib/nearest-key.ts'

/** What to write instead of a word that is not known: the nearest one first, then all there are. */
export function suggest(unknown: string, known: readonly string[]): string {
  const nearest = nearestKey(unknown, known)
  const choice = `choose among ${known.join(', ')}`
  return nearest === null ? choice : `did you mean ${nearest}? Else ${choice}`
}
