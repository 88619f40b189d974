import type { PrintedItem } from './printed-item.ts'

/** A schema as one text, in an order that no collation has a say in: its sha256 is the fingerprint. */
export function catalogText(items: readonly PrintedItem[]): string {
  const lines = items.map(({ kind, ident, definition }) => `${kind}\x1f${ident}\x1f${definition}`)
  return lines.sort().join('\x1e')
}
