/** Who comes after whom in a tree of revisions, answered quickly for thousands of them. */
export interface RevisionOrder {
  /** Those of the given revisions that are not ordered with at least one of the others; in the order given. */
  findUnordered(ids: readonly string[]): readonly string[]
}

/** Prepares the order; circles and unknown parents do no harm. */
export function orderRevisions(
  revisions: readonly { readonly id: string; readonly before: readonly string[] }[],
): RevisionOrder {
  const numbers = new Map(revisions.map(({ id }, index) => [id, index]))
  const words = Math.ceil(revisions.length / 32)
  const before = revisions.map(one => one.before.flatMap(id => numbers.get(id) ?? []))
  const ancestors = collectAncestors(before, words)
  const depths = ancestors.map(countBits)
  return {
    findUnordered(ids) {
      const asked = ids.flatMap(id => numbers.get(id) ?? [])
      // Revisions that form one line are the rule, and need one look at each.
      const line = [...asked].sort((a, b) => (depths[a] ?? 0) - (depths[b] ?? 0))
      const isLine = line.every((number, place) => {
        const mine = ancestors[number]
        const previous = line[place - 1]
        return previous === undefined || (mine !== undefined && hasBit(mine, previous))
      })
      if (isLine) return []
      const apart = findApart(asked, ancestors)
      return ids.filter(id => apart.has(numbers.get(id) ?? -1))
    },
  }
}

/** Those that are neither before nor after at least one of the others. */
function findApart(asked: readonly number[], ancestors: readonly Uint32Array[]): ReadonlySet<number> {
  const apart = new Set<number>()
  for (const [place, number] of asked.entries()) {
    const mine = ancestors[number]
    for (let index = 0; mine && index < place; index += 1) {
      const other = asked[index] ?? 0
      if (apart.has(number) && apart.has(other)) continue
      const theirs = ancestors[other]
      if (!theirs || hasBit(mine, other) || hasBit(theirs, number)) continue
      apart.add(number)
      apart.add(other)
    }
  }
  return apart
}

/** The ancestors of each as bits, parents first. */
function collectAncestors(before: readonly (readonly number[])[], words: number): readonly Uint32Array[] {
  const ancestors = before.map(() => new Uint32Array(words))
  const children = before.map((): number[] => [])
  const waiting = before.map(parents => parents.length)
  for (const [number, parents] of before.entries()) {
    for (const parent of parents) children[parent]?.push(number)
  }
  const ready = waiting.flatMap((count, number) => (count === 0 ? [number] : []))
  for (let number = ready.pop(); number !== undefined; number = ready.pop()) {
    const mine = ancestors[number]
    for (const parent of before[number] ?? []) {
      const theirs = ancestors[parent]
      for (let word = 0; mine && theirs && word < words; word += 1) {
        mine[word] = (mine[word] ?? 0) | (theirs[word] ?? 0)
      }
      if (mine) setBit(mine, parent)
    }
    for (const child of children[number] ?? []) {
      waiting[child] = (waiting[child] ?? 0) - 1
      if (waiting[child] === 0) ready.push(child)
    }
  }
  return ancestors
}

function countBits(bits: Uint32Array): number {
  let count = 0
  for (let word of bits) for (; word !== 0; word &= word - 1) count += 1
  return count
}

function hasBit(bits: Uint32Array, number: number): boolean {
  return (((bits[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1
}

function setBit(bits: Uint32Array, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31))
}
