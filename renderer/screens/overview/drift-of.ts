import type { FleetView } from '../../../shared/api/overview-view.ts'
import { countOf, formatHeads, listNames } from '../../../shared/plain-words.ts'

/** The schemas found at one revision: more than one is drift. */
export interface RevisionClasses {
  readonly revision: string
  readonly classes: number
  readonly tenants: number
  /** Tenants that are not in the largest class, or null without drift. */
  readonly outliers: readonly string[]
}

/** Puts the classes of a fleet together by their revision, those with drift first. */
export function groupClasses(classes: FleetView['classes']): readonly RevisionClasses[] {
  const byRevision = new Map<string, FleetView['classes'][number][]>()
  for (const one of classes) {
    const revision = formatHeads([...one.heads].sort())
    byRevision.set(revision, [...(byRevision.get(revision) ?? []), one])
  }
  return [...byRevision]
    .map(([revision, found]) => {
      const [, ...others] = [...found].sort((a, b) => b.tenants.length - a.tenants.length)
      return {
        revision,
        classes: found.length,
        tenants: found.reduce((sum, one) => sum + one.tenants.length, 0),
        outliers: others.flatMap(one => one.tenants),
      }
    })
    .sort((a, b) => b.outliers.length - a.outliers.length)
}

/** Such as "2 classes at 0002: drift, cedar differs". */
export function sayClasses({ revision, classes, outliers }: RevisionClasses): string {
  const what = `${countOf(classes, 'class', 'classes')} at ${revision}`
  if (outliers.length === 0) return what
  return `${what}: drift, ${listNames(outliers)} ${outliers.length === 1 ? 'differs' : 'differ'}`
}
