// @vitest-environment happy-dom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useRequest } from '../../../renderer/store/use-request.ts'
import type { Reply } from '../../../shared/api/engine-api.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import { createSampleEngine, sampleSummary } from '../../support/dashboard/sample-views.ts'
import { lendDashboard } from './lend-dashboard.tsx'

const one = sampleSummary('0.1.0-migrated')
const two = sampleSummary('0.1.0-duplicate-rows')
const gone = { kind: 'engine_gone', during: 'run.list' } as const

afterEach(() => {
  vi.useRealTimers()
  cleanup()
})

describe('something that a view asks for', () => {
  it('is loading, and then there', async () => {
    const engine = createSampleEngine({ 'run.list': { value: [one] } })
    const { result } = renderHook(() => useRequest('run.list', {}), lendDashboard(engine))
    expect(result.current).toMatchObject({ state: 'loading', value: null, at: null, isStale: false })
    await waitFor(() => expect(result.current.state).toBe('ready'))
    expect(result.current.value).toEqual([one])
    expect(result.current.at).not.toBeNull()
  })

  it('is asked for again when an event says that it may have changed, and keeps its value meanwhile', async () => {
    const engine = createSampleEngine({ 'run.list': { value: [one] } })
    const { result } = renderHook(
      () => useRequest('run.list', {}, { when: event => event.type === 'runs.changed' }),
      lendDashboard(engine),
    )
    await waitFor(() => expect(result.current.value).toEqual([one]))
    engine.answers = { ...engine.answers, 'run.list': { value: [two, one] } }
    act(() => engine.publish({ type: 'topology.changed' }))
    act(() => engine.publish({ type: 'runs.changed' }))
    expect(result.current.value).toEqual([one])
    await waitFor(() => expect(result.current.value).toEqual([two, one]))
    expect(engine.asksFor('run.list')).toHaveLength(2)
  })

  it('keeps the last value as stale when it cannot be had any more', async () => {
    const engine = createSampleEngine({ 'run.list': { value: [one] } })
    const { result } = renderHook(() => useRequest('run.list', {}), lendDashboard(engine))
    await waitFor(() => expect(result.current.state).toBe('ready'))
    engine.answers = { ...engine.answers, 'run.list': { failure: gone } }
    act(() => result.current.reload())
    await waitFor(() => expect(result.current.state).toBe('failed'))
    expect(result.current).toMatchObject({ value: [one], failure: gone, isStale: true })
  })

  it('is stale while the connection is lost, and asked for again when it is back', async () => {
    const engine = createSampleEngine({ 'run.list': { value: [one] } })
    const dashboard = lendDashboard(engine)
    const { result } = renderHook(() => useRequest('run.list', {}), dashboard)
    await waitFor(() => expect(result.current.state).toBe('ready'))
    act(() => dashboard.setConnection({ state: 'lost', since: 1, retryAt: 2 }))
    expect(result.current).toMatchObject({ value: [one], isStale: true })
    act(() => dashboard.setConnection({ state: 'connected' }))
    await waitFor(() => expect(engine.asksFor('run.list')).toHaveLength(2))
    expect(result.current.isStale).toBe(false)
  })

  it('takes the newest answer, in whatever order the answers come', async () => {
    const answers: ((reply: Reply<readonly RunSummary[]>) => void)[] = []
    const engine = createSampleEngine({
      'run.list': { answer: () => new Promise(resolve => answers.push(resolve)) },
    })
    const { result } = renderHook(() => useRequest('run.list', {}), lendDashboard(engine))
    await waitFor(() => expect(answers).toHaveLength(1))
    act(() => result.current.reload())
    await waitFor(() => expect(answers).toHaveLength(2))
    await act(async () => answers[1]?.({ ok: true, value: [two] }))
    await act(async () => answers[0]?.({ ok: true, value: [one] }))
    expect(result.current.value).toEqual([two])
  })

  it('never shows the answer to another question', async () => {
    const engine = createSampleEngine({
      'run.report': {
        answer: ({ runId }: { runId: string }) =>
          runId === 'a' ? { ok: true, value: { text: 'of a' } } : new Promise(() => undefined),
      },
    })
    const { result, rerender } = renderHook(({ runId }) => useRequest('run.report', { runId }), {
      ...lendDashboard(engine),
      initialProps: { runId: 'a' },
    })
    await waitFor(() => expect(result.current.value).toEqual({ text: 'of a' }))
    rerender({ runId: 'b' })
    expect(result.current).toMatchObject({ state: 'loading', value: null })
  })

  it('is not asked for while there is no input', () => {
    const engine = createSampleEngine()
    renderHook(() => useRequest('run.list', null), lendDashboard(engine))
    expect(engine.asksFor('run.list')).toEqual([])
  })

  it('is asked for at intervals, and not while the window is hidden', async () => {
    vi.useFakeTimers()
    const engine = createSampleEngine()
    renderHook(() => useRequest('run.list', {}, { everyMs: 15_000 }), lendDashboard(engine))
    await act(() => vi.advanceTimersByTimeAsync(31_000))
    expect(engine.asksFor('run.list')).toHaveLength(3)
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    await act(() => vi.advanceTimersByTimeAsync(60_000))
    expect(engine.asksFor('run.list')).toHaveLength(3)
    hidden.mockRestore()
  })
})
