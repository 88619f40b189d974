import { createHash } from 'node:crypto'
import { catalogText } from '../../../catalog/catalog-text.ts'
import type { PrintedItem } from '../../../catalog/printed-item.ts'

/** The hash of a schema. */
export function hashItems(items: readonly PrintedItem[]): string {
  return createHash('sha256').update(catalogText(items), 'utf8').digest('hex')
}
