import type { RevisionClasses } from '../../../shared/analysis/group-revisions.ts'
import { countOf, listNames } from '../../../shared/text/plain-words.ts'

/** Such as "2 classes at 0002: drift, cedar differs". */
export function sayClasses({ revision, classes, outliers }: RevisionClasses): string {
  const what = `${countOf(classes, 'class', 'classes')} at ${revision}`
  if (outliers.length === 0) return what
  return `${what}: drift, ${listNames(outliers)} ${outliers.length === 1 ? 'differs' : 'differ'}`
}
