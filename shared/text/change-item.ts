/** Replaces the first item that matches by its changed self; appends a new one when there is none. */
export function changeItem<T>(
  items: readonly T[],
  matches: (item: T) => boolean,
  change: (item: T | null) => T,
): readonly T[] {
  const index = items.findIndex(matches)
  const found = items[index]
  return found === undefined ? [...items, change(null)] : items.with(index, change(found))
}
