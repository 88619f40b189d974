import type { Failure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { ProjectConfig } from '../../config/project-config.ts'

/** Revisions to go to, or why it is not clear which. */
export type ChosenTarget =
  | { readonly target: readonly string[]; readonly failure: null }
  | { readonly target: null; readonly failure: Extract<Failure, { kind: 'several_heads' }> }

/**
 * The revisions that are asked for, else those that are configured, else the head.
 *
 * Of several heads none is taken for what was meant: `heads` has to be asked for where all of them are.
 */
export function chooseTarget(
  given: readonly string[],
  { migrations }: { readonly migrations: Pick<ProjectConfig['migrations'], 'target'> },
  { heads }: Pick<MigrationGraph, 'heads'>,
): ChosenTarget {
  const asked = given.length > 0 ? given : [migrations.target ?? []].flat()
  const named = asked.filter(name => name !== 'heads')
  if (named.length > 0 && !named.includes('head')) return { target: named, failure: null }
  if (heads.length <= 1 || asked.includes('heads')) return { target: heads, failure: null }
  return { target: null, failure: { kind: 'several_heads', heads, mergeCommand: describeMerge(heads) } }
}

/** The command that makes one head of several. */
export function describeMerge(heads: readonly string[]): string {
  return `alembic merge -m "merge heads" ${heads.join(' ')}`
}
