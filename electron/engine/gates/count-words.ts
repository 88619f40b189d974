/** Says a number with its noun: `1 tenant`, `2 tenants`. */
export function countWords(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

/** Joins names for reading; long lists are cut with the number of the rest. */
export function listNames(names: readonly string[], shown = 5): string {
  if (names.length <= shown) return names.join(', ')
  return `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`
}
