import type { CatalogAttributes } from '../../../catalog/catalog-item.ts'
import { readColumnType, type SelectedType } from './read-column-type.ts'

type ColumnAttributes = Extract<CatalogAttributes, { is: 'column' }>

/** What the parts of a fingerprint select: all but the type of a column is as code reads it. */
type SelectedAttributes =
  | Exclude<CatalogAttributes, ColumnAttributes | { is: 'other' }>
  | (Omit<ColumnAttributes, 'type'> & { readonly type: SelectedType })

/** Reads the attributes of an item, as text of JSON; of most kinds there are none. Thousands of them are read for each tenant. */
export function parseAttributes(text: unknown): CatalogAttributes {
  if (text === null) return { is: 'other' }
  const selected = JSON.parse(String(text)) as SelectedAttributes
  return selected.is === 'column' ? { ...selected, type: readColumnType(selected.type) } : selected
}
