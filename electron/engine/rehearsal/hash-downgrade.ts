import type { MigrationRoute, PlannedStep } from '../../../shared/plan/plan.ts'
import type { Digest } from '../ports/digest.ts'
import type { MigrationSource } from '../ports/migration-source.ts'

/** Hash of what would run in the downgrade, which is no part of a plan: a changed file makes another downgrade. */
export async function hashDowngrade(
  { source, digest }: { readonly source: Pick<MigrationSource, 'planDowngrade'>; readonly digest: Digest },
  { from, to }: Pick<MigrationRoute, 'from' | 'to'>,
  signal: AbortSignal,
): Promise<string> {
  try {
    return hashSteps(digest, await source.planDowngrade(to, from, signal))
  } catch (error) {
    if (signal.aborted) throw error
    return 'none'
  }
}

/** The same of steps that are planned already. */
export function hashSteps(digest: Digest, steps: readonly PlannedStep[]): string {
  return digest(JSON.stringify(steps.map(({ revision, file, checksum }) => [revision, file, checksum])))
}
