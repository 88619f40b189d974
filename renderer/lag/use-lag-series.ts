import { useEffect, useState } from 'react'
import type { LagSample, LagSeries } from '../../shared/api/topology-view.ts'
import { useApi } from '../store/dashboard-context.tsx'
import { type Loadable, useRequest } from '../store/use-request.ts'
import { appendSamples } from './append-samples.ts'

/** The lag of every standby: the last hour, and what comes after it, at most once a frame. */
export function useLagSeries(): Loadable<readonly LagSeries[]> {
  const api = useApi()
  const loadable = useRequest('lag.read', {}, { when: event => event.type === 'session.changed' })
  const read = loadable.value
  const [grown, setGrown] = useState<{
    readonly from: unknown
    readonly series: readonly LagSeries[]
  } | null>(null)
  useEffect(() => {
    if (read === null) return
    let waiting: LagSample[] = []
    let frame = 0
    const show = (): void => {
      frame = 0
      const samples = waiting
      waiting = []
      setGrown(before => ({
        from: read,
        series: appendSamples(before?.from === read ? before.series : read, samples),
      }))
    }
    const unsubscribe = api.subscribe(event => {
      if (event.type !== 'lag.sampled') return
      waiting.push(...event.samples)
      if (frame === 0) frame = requestAnimationFrame(show)
    })
    return () => {
      unsubscribe()
      cancelAnimationFrame(frame)
    }
  }, [api, read])
  return grown !== null && grown.from === read ? { ...loadable, value: grown.series } : loadable
}
