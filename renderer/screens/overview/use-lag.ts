import { useEffect, useRef, useState } from 'react'
import type { LagSample, LagSeries } from '../../../shared/api/topology-view.ts'
import { useApi } from '../../store/dashboard-context.tsx'
import { type Loadable, useRequest } from '../../store/use-request.ts'
import { appendSamples } from './lag-history.ts'

/** Samples that wait for a frame while the window is hidden. */
const mostWaiting = 5_000

/** The lag of each standby over the last minutes; new samples are shown at most once a frame. */
export function useLag(): Loadable<readonly LagSeries[]> {
  const api = useApi()
  const loaded = useRequest('lag.read', {}, { when: event => event.type === 'topology.changed' })
  const { value } = loaded
  const [series, setSeries] = useState<readonly LagSeries[] | null>(null)
  const waiting = useRef<LagSample[]>([])
  useEffect(() => {
    if (value === null) return
    setSeries(before =>
      appendSamples(
        value,
        (before ?? []).flatMap(one => one.samples),
      ),
    )
  }, [value])
  useEffect(() => {
    let frame = 0
    const flush = (): void => {
      frame = 0
      const samples = waiting.current
      waiting.current = []
      setSeries(before => appendSamples(before ?? [], samples))
    }
    const unsubscribe = api.subscribe(event => {
      if (event.type !== 'lag.sampled') return
      waiting.current = [...waiting.current, ...event.samples].slice(-mostWaiting)
      if (frame === 0) frame = requestAnimationFrame(flush)
    })
    return () => {
      unsubscribe()
      if (frame !== 0) cancelAnimationFrame(frame)
    }
  }, [api])
  return value === null ? loaded : { ...loaded, value: series ?? value }
}
