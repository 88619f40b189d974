import type { LockMode } from './rehearsal.ts'

const words: Readonly<Record<LockMode, { readonly name: string; readonly blocks: string }>> = {
  AccessShareLock: { name: 'ACCESS SHARE', blocks: 'blocks no reader and no writer' },
  RowShareLock: { name: 'ROW SHARE', blocks: 'blocks no reader and no writer' },
  RowExclusiveLock: { name: 'ROW EXCLUSIVE', blocks: 'blocks no reader and no writer' },
  ShareUpdateExclusiveLock: { name: 'SHARE UPDATE EXCLUSIVE', blocks: 'blocks other schema changes' },
  ShareLock: { name: 'SHARE', blocks: 'blocks writers' },
  ShareRowExclusiveLock: { name: 'SHARE ROW EXCLUSIVE', blocks: 'blocks writers' },
  ExclusiveLock: { name: 'EXCLUSIVE', blocks: 'blocks writers' },
  AccessExclusiveLock: { name: 'ACCESS EXCLUSIVE', blocks: 'blocks readers and writers' },
}

/** A lock mode as PostgreSQL's documentation calls it. */
export function nameLock(mode: LockMode): string {
  return words[mode].name
}

/** Whom a lock of this mode keeps waiting, in words (documentation, table 13.2). */
export function describeBlocking(mode: LockMode): string {
  return words[mode].blocks
}
