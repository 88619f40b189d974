import { formatHeads } from '../text/plain-words.ts'
import type { SchemaClass } from './schema-class.ts'

/** The schemas found at one revision: more than one is drift. */
export interface RevisionClasses {
  readonly revision: string
  readonly classes: number
  readonly tenants: number
  /** Tenants that are not in the main class; empty without drift. */
  readonly outliers: readonly string[]
}

/** Puts the classes of a fleet together by their revision, those with most outliers first. */
export function groupRevisions(
  classes: readonly Pick<SchemaClass, 'heads' | 'tenants' | 'isMain'>[],
): readonly RevisionClasses[] {
  const revisions = new Map<string, RevisionClasses>()
  for (const { heads, tenants, isMain } of classes) {
    const revision = formatHeads([...heads].sort())
    const known = revisions.get(revision) ?? { revision, classes: 0, tenants: 0, outliers: [] }
    revisions.set(revision, {
      revision,
      classes: known.classes + 1,
      tenants: known.tenants + tenants.length,
      outliers: isMain ? known.outliers : [...known.outliers, ...tenants],
    })
  }
  return [...revisions.values()].sort((a, b) => b.outliers.length - a.outliers.length)
}
