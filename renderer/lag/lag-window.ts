import type { LagSeries } from '../../shared/api/topology-view.ts'

/** How long a small line looks back. */
export const lagWindowMs = 10 * 60 * 1_000

/** When the newest sample of all was taken, as `Date.now()`; 0 without any. */
export function findNewest(series: readonly LagSeries[]): number {
  return Math.max(0, ...series.map(one => Date.parse(one.samples.at(-1)?.at ?? '') || 0))
}
