import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchSignals } from '../../electron/web/watch-signals.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
})

afterEach(() => {
  vi.runAllTimers()
  vi.useRealTimers()
})

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('are a wish to end: %s', async signal => {
    const interrupted = watchSignals()
    process.emit(signal, signal)
    expect(await interrupted).toBe(signal)
  })

  it('that come together are one, and a later one ends the process as if nobody listened', async () => {
    const before = process.listenerCount('SIGINT')
    const interrupted = watchSignals()
    process.emit('SIGINT', 'SIGINT')
    process.emit('SIGTERM', 'SIGTERM')
    expect(await interrupted).toBe('SIGINT')
    expect(process.listenerCount('SIGINT')).toBe(before + 1)
    vi.advanceTimersByTime(400)
    expect(process.listenerCount('SIGINT')).toBe(before)
  })
})
