/** A generator of numbers from 0 to 1 that a seed determines (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The same items in an order that the seed determines. */
export function shuffle<T>(items: readonly T[], random: () => number): readonly T[] {
  const shuffled = [...items]
  for (let index = shuffled.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    ;[shuffled[index], shuffled[other]] = [shuffled[other]!, shuffled[index]!]
  }
  return shuffled
}

/**
 * So many items that every kind is there as often as every other, as far as there are as many of it:
 * of 40 cases of 20 kinds two of each, and which two the seed determines.
 */
export function chooseEvenly<T>(
  items: readonly T[],
  kindOf: (item: T) => string,
  limit: number,
  random: () => number,
): readonly T[] {
  const kinds = new Map<string, T[]>()
  for (const item of shuffle(items, random))
    kinds.set(kindOf(item), [...(kinds.get(kindOf(item)) ?? []), item])
  const queues = [...kinds.values()]
  const chosen: T[] = []
  for (let round = 0; chosen.length < Math.min(limit, items.length); round += 1)
    for (const queue of shuffle(queues, random)) {
      const item = queue[round]
      if (item !== undefined && chosen.length < limit) chosen.push(item)
    }
  return chosen
}
