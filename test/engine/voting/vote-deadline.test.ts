import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStopSwitch } from '../../../electron/engine/context/stop-switch.ts'
import { createVoteDeadline } from '../../../electron/engine/voting/vote-deadline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const makeDeadline = (seconds: number) => {
  const stop = createStopSwitch(new AbortController().signal)
  return { stop, deadline: createVoteDeadline(seconds, stop) }
}

describe('the deadline of a vote', () => {
  it('counts from the first tenant that is asked to prepare, and not before or from a later one', () => {
    const { stop, deadline } = makeDeadline(10)
    vi.advanceTimersByTime(60_000)
    expect(deadline.hasPassed()).toBe(false)
    deadline.begin()
    vi.advanceTimersByTime(6_000)
    deadline.begin()
    vi.advanceTimersByTime(3_999)
    expect(stop.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect([stop.signal.aborted, deadline.hasPassed()]).toEqual([true, true])
  })

  it('stops nobody once it was ended, and leaves no timer', () => {
    const { stop, deadline } = makeDeadline(10)
    deadline.begin()
    deadline.end()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    expect([stop.signal.aborted, deadline.hasPassed()]).toEqual([false, false])
  })
})

describe('the switch that stops a group', () => {
  it('is pulled by whoever finds a reason, and by an interruption of the run, each for itself', () => {
    const run = new AbortController()
    const one = createStopSwitch(run.signal)
    const other = createStopSwitch(run.signal)
    one.pull()
    expect([one.signal.aborted, other.signal.aborted, run.signal.aborted]).toEqual([true, false, false])
    run.abort()
    expect(other.signal.aborted).toBe(true)
    expect(createStopSwitch(run.signal).signal.aborted).toBe(true)
  })
})
