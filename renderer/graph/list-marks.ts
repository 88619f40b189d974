import type { MigrationGraph, Revision } from '../../shared/plan/migration-graph.ts'

/** What a revision is to the tree: where a plan goes, a head, a base, a merge, and its labels. */
export function listMarks(
  revision: Revision,
  { heads, bases }: Pick<MigrationGraph, 'heads' | 'bases'>,
  targets: readonly string[],
): readonly string[] {
  return [
    ...(targets.includes(revision.id) ? ['target'] : []),
    ...(heads.includes(revision.id) ? ['head'] : []),
    ...(bases.includes(revision.id) ? ['base'] : []),
    ...(revision.isMerge ? ['merge'] : []),
    ...revision.labels,
  ]
}
