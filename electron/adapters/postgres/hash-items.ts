import { createHash } from 'node:crypto'
import type { CatalogItem } from '../../../shared/catalog-item.ts'

/** The hash of a schema: sha256 over its items, in an order that no collation has a say in. */
export function hashItems(items: readonly CatalogItem[]): string {
  const lines = items.map(({ kind, ident, definition }) => `${kind}\x1f${ident}\x1f${definition}`)
  return createHash('sha256').update(lines.sort().join('\x1e'), 'utf8').digest('hex')
}
