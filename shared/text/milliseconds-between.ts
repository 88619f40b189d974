/** Milliseconds from one RFC 3339 time to a later one; never negative. */
export function millisecondsBetween(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from))
}
