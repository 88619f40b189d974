import type { CatalogItem } from './catalog-item.ts'

const mostLines = 20

/** What differs between two schemas, one line an object: `+ index public.x`, `- column ...`, `~ constraint ...`. */
export function diffCatalog(
  before: readonly CatalogItem[],
  after: readonly CatalogItem[],
): readonly string[] {
  const old = groupDefinitions(before)
  const now = groupDefinitions(after)
  const names = [...new Set([...old.keys(), ...now.keys()])].sort()
  const lines = names.flatMap(name => {
    const sign = compare(old.get(name), now.get(name))
    return sign === null ? [] : [`${sign} ${name}`]
  })
  if (lines.length <= mostLines) return lines
  return [...lines.slice(0, mostLines), `... and ${lines.length - mostLines} more`]
}

function compare(old: string | undefined, now: string | undefined): '+' | '-' | '~' | null {
  if (old === now) return null
  if (old === undefined) return '+'
  return now === undefined ? '-' : '~'
}

/** Definitions by `kind ident`; several objects may share a name, such as a table's own and its foreign constraint. */
function groupDefinitions(items: readonly CatalogItem[]): ReadonlyMap<string, string> {
  const groups = new Map<string, string[]>()
  for (const { kind, ident, definition } of items) {
    const name = `${kind} ${ident}`
    groups.set(name, [...(groups.get(name) ?? []), definition])
  }
  return new Map([...groups].map(([name, definitions]) => [name, definitions.sort().join('\x1e')]))
}
