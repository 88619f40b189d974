import type { Route } from '../../../shared/plan.ts'
import type { Digest } from '../ports/digest.ts'
import type { MigrationSource } from '../ports/migration-source.ts'

/** Hash of what would run on the way down, which is no part of a plan: a changed file makes another way back. */
export async function hashWayBack(
  { source, digest }: { readonly source: Pick<MigrationSource, 'planWayBack'>; readonly digest: Digest },
  { from, to }: Pick<Route, 'from' | 'to'>,
  signal: AbortSignal,
): Promise<string> {
  try {
    const steps = await source.planWayBack(to, from, signal)
    return digest(JSON.stringify(steps.map(({ revision, file, checksum }) => [revision, file, checksum])))
  } catch (error) {
    if (signal.aborted) throw error
    return 'none'
  }
}
