import { belongsTo, type CatalogItem, nameOf, type RelationName } from '../../catalog/catalog-item.ts'

/** The items of a schema without a table and all that belongs to it: its columns, keys, indexes, grants and comments. */
export function leaveOutTable(items: readonly CatalogItem[], table: RelationName): readonly CatalogItem[] {
  return items.filter(item => !belongsTo(item, table))
}

/** The tables of a name, in whichever schema. */
export function findTables(items: readonly CatalogItem[], name: string): readonly CatalogItem[] {
  return items.filter(item => item.kind === 'table' && nameOf(item)?.name === name)
}
