/**
 * Says where a value stops being JSON, or null: whatever crosses a process boundary is JSON here.
 * It stands alone, because it also runs as text in a page's isolated world.
 */
export function findNotJson(value: unknown, path = 'the value'): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${path} is ${value}`
  if (typeof value !== 'object') return `${path} is of type ${typeof value}`
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = findNotJson(item, `${path}[${index}]`)
      if (found !== null) return found
    }
    return null
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return `${path} is not a plain object`
  for (const [key, item] of Object.entries(value)) {
    const found = findNotJson(item, `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}

/** The value as it arrives on the other side; throws on anything that is not JSON. */
export function crossAsJson<T>(value: T): T {
  const found = findNotJson(value)
  if (found !== null) throw new TypeError(`only JSON crosses: ${found}`)
  return JSON.parse(JSON.stringify(value))
}
