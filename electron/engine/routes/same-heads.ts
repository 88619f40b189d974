/** Whether two sets of heads are equal; their order says nothing. */
export function sameHeads(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && [...one].sort().join('\n') === [...other].sort().join('\n')
}
