import { createHash } from 'node:crypto'
import type { CatalogItem } from '../../../catalog/catalog-item.ts'
import { catalogText } from '../../../catalog/catalog-text.ts'

/** The hash of a schema. */
export function hashItems(items: readonly CatalogItem[]): string {
  return createHash('sha256').update(catalogText(items), 'utf8').digest('hex')
}
