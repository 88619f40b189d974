import type { LagSeries } from '../../shared/api/topology-view.ts'

/** The standby to look at first; null where there is none. */
export function findWorst(series: readonly LagSeries[]): string | null {
  const ranked = series.toSorted((left, right) => rankOf(right) - rankOf(left))
  return ranked[0]?.server ?? null
}

function rankOf({ samples }: LagSeries): number {
  const last = samples.at(-1)
  if (!last) return -1
  const isBroken = last.state !== 'streaming' && last.state !== 'idle'
  return (isBroken ? Number.MAX_SAFE_INTEGER / 2 : 0) + (last.bytes ?? 0)
}
