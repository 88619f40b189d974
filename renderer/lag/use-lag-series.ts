import { useEffect, useRef, useState } from 'react'
import type { LagSample, LagSeries } from '../../shared/api/topology-view.ts'
import { useApi } from '../store/dashboard-context.tsx'
import { type Loadable, useRequest } from '../store/use-request.ts'
import { appendSamples } from './append-samples.ts'

/** What came last is kept for an answer that was on its way meanwhile. */
const mostRecent = 1_000

/** The lag of every standby, also of one that appears: the last hour, and what comes after it, at most once a frame. */
export function useLagSeries(): Loadable<readonly LagSeries[]> {
  const api = useApi()
  const loadable = useRequest(
    'lag.read',
    {},
    { when: event => event.type === 'session.changed' || event.type === 'topology.changed' },
  )
  const read = loadable.value
  const recent = useRef<readonly LagSample[]>([])
  const [grown, setGrown] = useState<{
    readonly from: unknown
    readonly series: readonly LagSeries[]
  } | null>(null)
  useEffect(() => {
    let waiting: LagSample[] = []
    let frame = 0
    const show = (): void => {
      frame = 0
      const samples = waiting
      waiting = []
      if (read === null) return
      setGrown(before => ({
        from: read,
        series: appendSamples(before?.from === read ? before.series : read, samples),
      }))
    }
    const add = (samples: readonly LagSample[]): void => {
      if (samples.length === 0) return
      waiting.push(...samples)
      if (frame === 0) frame = requestAnimationFrame(show)
    }
    add(recent.current)
    const unsubscribe = api.subscribe(event => {
      // Samples of another project say nothing of this one.
      if (event.type === 'session.changed') recent.current = []
      if (event.type !== 'lag.sampled') return
      recent.current = [...recent.current, ...event.samples].slice(-mostRecent)
      add(event.samples)
    })
    return () => {
      unsubscribe()
      cancelAnimationFrame(frame)
    }
  }, [api, read])
  return grown !== null && grown.from === read ? { ...loadable, value: grown.series } : loadable
}
