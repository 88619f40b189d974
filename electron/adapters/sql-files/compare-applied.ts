import type { Failure } from '../../../shared/failure/failure.ts'
import { compareNumbers } from './pair-files.ts'
import type { FileRevision } from './read-folder.ts'
import type { AppliedRevision } from './version-table.ts'

/** The highest applied revision, which is all that a line has for heads. */
export function headsOf(applied: readonly AppliedRevision[]): readonly string[] {
  const revisions = applied.map(row => row.revision)
  // What is no number was never ours: it is shown as the head, so that planning refuses it.
  const foreign = revisions.find(revision => !/^\d+$/.test(revision))
  if (foreign !== undefined) return [foreign]
  return revisions.toSorted(compareNumbers).slice(-1)
}

/** Holds what a tenant has applied against the folder: vanished, edited and overtaken files. Null when all is well. */
export function compareApplied(
  tenant: string,
  applied: readonly AppliedRevision[],
  revisions: readonly FileRevision[],
): Failure | null {
  for (const row of applied) {
    const known = revisions.find(revision => revision.revision === row.revision)
    if (!known) return { kind: 'revision_unknown', tenant, revision: row.revision }
    if (known.up.checksum !== row.checksum) {
      return {
        kind: 'migration_edited',
        file: known.up.file,
        revision: row.revision,
        tenant,
        recorded: row.checksum,
        found: known.up.checksum,
      }
    }
  }
  const names = new Set(applied.map(row => row.revision))
  const last = revisions.findLastIndex(revision => names.has(revision.revision))
  const overtaken = revisions.slice(0, Math.max(last, 0)).find(revision => !names.has(revision.revision))
  if (!overtaken) return null
  return {
    kind: 'source_failed',
    during: `comparing the files with what ${tenant} has applied`,
    file: overtaken.up.file,
    error: `${tenant} has not applied it, but already holds ${revisions[last]?.revision}: give the file a higher number`,
  }
}
