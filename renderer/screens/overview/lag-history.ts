import type { LagSample, LagSeries } from '../../../shared/api/topology-view.ts'

/** How long the overview looks back. */
export const lagWindowMs = 10 * 60 * 1_000

/** Adds samples to the series of their standbys; what is there already, or too old, is left out. */
export function appendSamples(
  series: readonly LagSeries[],
  samples: readonly LagSample[],
): readonly LagSeries[] {
  const next = new Map(series.map(one => [one.server, one]))
  for (const server of new Set(samples.map(sample => sample.server))) {
    const added = samples.filter(sample => sample.server === server)
    const [first] = added
    const known = next.get(server) ?? (first && startSeries(series, first))
    if (known) next.set(server, { ...known, samples: joinSamples(known.samples, added) })
  }
  const newest = findNewest([...next.values()])
  return [...next.values()].map(one => ({ ...one, samples: trim(one.samples, newest - lagWindowMs) }))
}

/** When the newest sample of all was taken, as `Date.now()`; 0 without any. */
export function findNewest(series: readonly LagSeries[]): number {
  return Math.max(0, ...series.map(one => Date.parse(one.samples.at(-1)?.at ?? '') || 0))
}

function joinSamples(known: readonly LagSample[], added: readonly LagSample[]): readonly LagSample[] {
  const last = known.at(-1)?.at ?? ''
  return [...known, ...added.filter(sample => sample.at > last)]
}

/** A standby that was not there before has the limit of its cluster. */
function startSeries(series: readonly LagSeries[], { server, cluster }: LagSample): LagSeries {
  const sibling = series.find(one => one.cluster === cluster)
  return { server, cluster, samples: [], maxBytes: sibling?.maxBytes ?? null }
}

function trim(samples: readonly LagSample[], from: number): readonly LagSample[] {
  const first = samples.findIndex(sample => Date.parse(sample.at) >= from)
  return first <= 0 ? (first === 0 ? samples : []) : samples.slice(first)
}
