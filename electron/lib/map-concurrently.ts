/** Runs `work` on each item, at most `limit` at a time, and waits for all; results keep the items' order. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Array<Result>(items.length)
  const errors: unknown[] = []
  let next = 0
  const take = async (): Promise<void> => {
    while (next < items.length && errors.length === 0) {
      const index = next
      next += 1
      try {
        results[index] = await work(items[index] as Item, index)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, take))
  if (errors.length > 0) throw errors[0]
  return results
}
