import type { Sort } from './data-table.tsx'

/** Reads the order of a table from an address, such as `group.descending`; older addresses have a colon. Null without one. */
export function readSort(text: string | undefined): Sort | null {
  const [column = '', direction] = (text ?? '').split(/[.:]/)
  if (column === '') return null
  return { column, direction: direction === 'descending' ? 'descending' : 'ascending' }
}

/** The order of a table as it stands in an address. */
export function formatSort({ column, direction }: Sort): string {
  return `${column}.${direction}`
}
