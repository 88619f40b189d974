import type { BeyondCopy } from '../../../shared/analysis/rehearsal.ts'
import type { SharedItem, SharedState } from '../ports/reach-facts.ts'

/** Says what all databases of a server share is not as before; it is not known who changed it. */
export function compareShared(before: SharedState, after: SharedState): BeyondCopy {
  const was = indexItems(before.items)
  const now = indexItems(after.items)
  const changes: string[] = []
  for (const [object, properties] of was) {
    const found = now.get(object)
    if (!found) {
      changes.push(`${object}: gone`)
      continue
    }
    for (const [property, item] of properties) changes.push(...nameChange(item, found.get(property)))
    for (const [property, item] of found) {
      if (!properties.has(property)) changes.push(`${object}: ${property} is new${show(item)}`)
    }
  }
  for (const object of now.keys()) if (!was.has(object)) changes.push(`${object}: new`)
  const unread = [...new Set([...before.unread, ...after.unread])]
  return { changes: changes.sort(), unread }
}

function nameChange(before: SharedItem, after: SharedItem | undefined): readonly string[] {
  const { object, property, isShown } = before
  if (!after) return [`${object}: ${property} is gone`]
  if (before.value === after.value) return []
  return [
    isShown ? `${object}: ${property} ${before.value} -> ${after.value}` : `${object}: another ${property}`,
  ]
}

function show({ isShown, value }: SharedItem): string {
  return isShown ? ` (${value})` : ''
}

function indexItems(items: readonly SharedItem[]): ReadonlyMap<string, ReadonlyMap<string, SharedItem>> {
  const index = new Map<string, Map<string, SharedItem>>()
  for (const item of items) {
    const known = index.get(item.object) ?? new Map<string, SharedItem>()
    index.set(item.object, known.set(item.property, item))
  }
  return index
}
