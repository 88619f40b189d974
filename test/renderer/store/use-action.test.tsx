// @vitest-environment happy-dom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { useAction } from '../../../renderer/store/use-action.ts'
import type { SessionView } from '../../../shared/api/session-view.ts'
import { createSampleEngine, sampleSession } from '../../support/dashboard/sample-views.ts'
import { lendDashboard } from './lend-dashboard.tsx'

afterEach(cleanup)

describe('something that a person starts', () => {
  it('is running until it is answered, and gives the answer', async () => {
    let answer = (_: SessionView): void => undefined
    const engine = createSampleEngine({
      'project.open': {
        answer: () =>
          new Promise(resolve => {
            answer = value => resolve({ ok: true, value })
          }),
      },
    })
    const { result } = renderHook(() => useAction('project.open'), lendDashboard(engine))
    let given: Promise<SessionView | null> | null = null
    act(() => {
      given = result.current.run({ path: '/srv/shop' })
    })
    expect(result.current.isRunning).toBe(true)
    await waitFor(() => expect(engine.asksFor('project.open')).toEqual([{ path: '/srv/shop' }]))
    await act(async () => answer(sampleSession))
    expect(result.current).toMatchObject({ isRunning: false, failure: null })
    expect(await given).toEqual(sampleSession)
  })

  it('keeps its refusal to be read, until it is tried again or put away', async () => {
    const failure = { kind: 'read_only', action: 'open another project' } as const
    const engine = createSampleEngine({ 'project.open': { failure } })
    const { result } = renderHook(() => useAction('project.open'), lendDashboard(engine))
    await act(async () => expect(await result.current.run({ path: 'x' })).toBeNull())
    expect(result.current).toMatchObject({ isRunning: false, failure })
    act(() => result.current.forget())
    expect(result.current.failure).toBeNull()
    await act(async () => void (await result.current.run({ path: 'x' })))
    expect(result.current.failure).toEqual(failure)
    engine.answers = { ...engine.answers, 'project.open': { value: sampleSession } }
    await act(async () => void (await result.current.run({ path: 'x' })))
    expect(result.current.failure).toBeNull()
  })
})
