import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cancelOnAbort } from '../../../electron/engine/context/cancel-on-abort.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Sessions whose cancel requests end when the test says so. */
function makeSessions() {
  const asked: number[] = []
  const answers: (() => void)[] = []
  return {
    asked,
    answer: () => answers.shift()?.(),
    cancel: (_server: string, pid: number) => {
      asked.push(pid)
      return new Promise<void>(resolve => answers.push(resolve))
    },
    waitUntilGone: async () => true,
  }
}

describe('cancelOnAbort', () => {
  it('asks for nothing while nobody stops', async () => {
    const sessions = makeSessions()
    const watch = cancelOnAbort(sessions, new AbortController().signal)
    watch.watch('primary', 7)
    await vi.advanceTimersByTimeAsync(1_000)
    await watch.stop()
    expect(sessions.asked).toEqual([])
  })

  it('repeats its request until the work is over, one at a time', async () => {
    const sessions = makeSessions()
    const controller = new AbortController()
    const watch = cancelOnAbort(sessions, controller.signal)
    watch.watch('primary', 7)
    controller.abort()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sessions.asked).toEqual([7])
    sessions.answer()
    await vi.advanceTimersByTimeAsync(100)
    expect(sessions.asked).toEqual([7, 7])
    sessions.answer()
    await watch.stop()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sessions.asked).toEqual([7, 7])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('asks at once for a backend that begins after the stop', async () => {
    const sessions = makeSessions()
    const watch = cancelOnAbort(sessions, AbortSignal.abort())
    watch.watch('primary', 9)
    expect(sessions.asked).toEqual([9])
    sessions.answer()
    await watch.stop()
  })

  it('ends only when its last request is answered, so that none hits what the backend does next', async () => {
    const sessions = makeSessions()
    const controller = new AbortController()
    const watch = cancelOnAbort(sessions, controller.signal)
    watch.watch('primary', 7)
    controller.abort()
    let ended = false
    const stopping = watch.stop().then(() => {
      ended = true
    })
    await vi.advanceTimersByTimeAsync(500)
    expect(ended).toBe(false)
    sessions.answer()
    await stopping
    expect(ended).toBe(true)
  })

  it('goes on when the server cannot be asked', async () => {
    let asked = 0
    const controller = new AbortController()
    const cancel = async () => {
      asked += 1
      throw new Error('no connection')
    }
    const watch = cancelOnAbort({ cancel, waitUntilGone: async () => true }, controller.signal)
    watch.watch('primary', 7)
    controller.abort()
    await vi.advanceTimersByTimeAsync(350)
    await watch.stop()
    expect(asked).toBe(4)
  })
})
