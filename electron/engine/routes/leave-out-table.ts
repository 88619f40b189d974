import type { CatalogItem } from '../../catalog/catalog-item.ts'

/** The items of a schema without a table and all that is about it: its columns, keys, indexes, grants and types. */
export function leaveOutTable(items: readonly CatalogItem[], table: string): readonly CatalogItem[] {
  const name = table.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const isAbout = new RegExp(`(?<![\\p{L}\\p{N}_$".])${name}(?![\\p{L}\\p{N}_$"])`, 'u')
  return items.filter(({ ident, definition }) => !isAbout.test(ident) && !isAbout.test(definition))
}

/** The tables of a name, in whichever schema, as a fingerprint calls them. */
export function findTables(items: readonly CatalogItem[], name: string): readonly string[] {
  return items
    .filter(({ kind, ident }) => kind === 'table' && lastPart(ident) === name)
    .map(({ ident }) => ident)
}

function lastPart(ident: string): string {
  return (ident.split('.').at(-1) ?? '').replaceAll('"', '')
}
