/** What a database of ours is for; none of them is ever taken for a tenant. */
export type CopyKind = 'snapshot' | 'restore' | 'failed' | 'shadow'

/** PostgreSQL keeps no more bytes of a name. */
const longestName = 63

/**
 * A name for a database of ours that says what it is for, of which run and of which tenant.
 *
 * What does not fit, or is not a plain letter, is replaced by a hash of the whole name.
 */
export function nameCopy(kind: CopyKind, runId: string, tenant: string): string {
  const start = `lockstep_${kind}_${runId.toLowerCase()}_`
  const room = longestName - start.length
  if (/^[a-z0-9_]+$/.test(tenant) && tenant.length <= room) return start + tenant
  const hash = hashText(tenant)
  const plain = tenant.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')
  return `${start}${plain.slice(0, room - hash.length - 1)}_${hash}`
}

/** FNV-1a of 32 bits, in eight hexadecimal digits: names have to differ, nothing is proven by it. */
function hashText(text: string): string {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/** The run that a database of ours was made by, as its name tells; null where the name is not like those that `nameCopy` makes. */
export function runOfCopy(database: string): string | null {
  const found = /^lockstep_(?:snapshot|restore|failed)_([0-9a-z]{26})_/.exec(database)?.[1]
  return found === undefined ? null : found.toUpperCase()
}

/** How the name of a database of ours begins, for JavaScript and for PostgreSQL alike. */
export const copyNamePattern = '^lockstep_(snapshot|restore|failed|shadow)_'

/** Says whether a database is one of ours, and so no tenant. */
export function isCopyName(database: string): boolean {
  return new RegExp(copyNamePattern).test(database)
}
