import type { LagSample, LagSeries } from '../../shared/api/topology-view.ts'

/** Samples kept of each standby: an hour of them. */
const mostSamples = 3_600

/** Adds new samples to their series; what is known already, or of a standby that is not shown, is left out. */
export function appendSamples(
  series: readonly LagSeries[],
  samples: readonly LagSample[],
): readonly LagSeries[] {
  if (samples.length === 0) return series
  return series.map(one => {
    const last = one.samples.at(-1)?.at ?? ''
    const added = samples.filter(
      sample => sample.server === one.server && sample.cluster === one.cluster && sample.at > last,
    )
    if (added.length === 0) return one
    return { ...one, samples: [...one.samples, ...added].slice(-mostSamples) }
  })
}
