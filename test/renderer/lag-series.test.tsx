// @vitest-environment happy-dom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { useLagSeries } from '../../renderer/lag/use-lag-series.ts'
import type { LagSample, LagSeries } from '../../shared/api/topology-view.ts'
import { createSampleEngine, sampleLag, sampleSession } from '../support/dashboard/sample-views.ts'
import { lendDashboard } from './store/lend-dashboard.tsx'

afterEach(cleanup)

const [first] = sampleLag
const last = first!.samples.at(-1)!
const makeSample = (server: string, second: number): LagSample => ({
  ...last,
  server,
  at: new Date(Date.parse(last.at) + second * 1_000).toISOString(),
  bytes: second,
})
const newcomer: LagSeries = { server: 'standby-9', cluster: 'main', maxBytes: null, samples: [] }

function openSeries() {
  const engine = createSampleEngine({ 'lag.read': { value: [first!] } })
  const { result } = renderHook(() => useLagSeries(), lendDashboard(engine))
  const newest = () => result.current.value?.map(one => [one.server, one.samples.at(-1)?.bytes ?? null])
  return { engine, result, newest }
}

describe('the lag of the standbys', () => {
  it('grows by the samples that come', async () => {
    const { engine, result, newest } = openSeries()
    await waitFor(() => expect(result.current.state).toBe('ready'))
    act(() => engine.publish({ type: 'lag.sampled', samples: [makeSample('standby-1', 1)] }))
    act(() => engine.publish({ type: 'lag.sampled', samples: [makeSample('standby-1', 2)] }))
    await waitFor(() => expect(newest()).toEqual([['standby-1', 2]]))
    expect(result.current.value?.[0]?.samples).toHaveLength(first!.samples.length + 2)
  })

  it('is read again when the topology changed, so that a standby that appeared is there', async () => {
    const { engine, result, newest } = openSeries()
    await waitFor(() => expect(result.current.state).toBe('ready'))
    engine.answers = { ...engine.answers, 'lag.read': { value: [first!, newcomer] } }
    act(() => engine.publish({ type: 'topology.changed' }))
    await waitFor(() => expect(newest()?.map(([server]) => server)).toEqual(['standby-1', 'standby-9']))
    act(() => engine.publish({ type: 'lag.sampled', samples: [makeSample('standby-9', 5)] }))
    await waitFor(() => expect(newest()?.[1]).toEqual(['standby-9', 5]))
  })

  it('loses no sample that came while it was read again', async () => {
    const { engine, result, newest } = openSeries()
    await waitFor(() => expect(result.current.state).toBe('ready'))
    engine.answers = { ...engine.answers, 'lag.read': { value: [first!, newcomer] } }
    act(() => engine.publish({ type: 'topology.changed' }))
    act(() =>
      engine.publish({
        type: 'lag.sampled',
        samples: [makeSample('standby-1', 7), makeSample('standby-9', 8)],
      }),
    )
    await waitFor(() =>
      expect(newest()).toEqual([
        ['standby-1', 7],
        ['standby-9', 8],
      ]),
    )
  })

  it('takes no sample of another project for one of this', async () => {
    const { engine, result, newest } = openSeries()
    await waitFor(() => expect(result.current.state).toBe('ready'))
    act(() => engine.publish({ type: 'lag.sampled', samples: [makeSample('standby-1', 9)] }))
    await waitFor(() => expect(newest()).toEqual([['standby-1', 9]]))
    const other = { ...first!, samples: first!.samples.slice(0, 2) }
    engine.answers = { ...engine.answers, 'lag.read': { value: [other] } }
    act(() => engine.publish({ type: 'session.changed', session: sampleSession }))
    await waitFor(() => expect(result.current.value?.[0]?.samples.length).toBeLessThanOrEqual(3))
    act(() => engine.publish({ type: 'lag.sampled', samples: [makeSample('standby-1', 10)] }))
    await waitFor(() => expect(newest()).toEqual([['standby-1', 10]]))
    expect(result.current.value?.[0]?.samples).toHaveLength(3)
  })
})
