import { afterEach, describe, expect, it } from 'vitest'
import { formatAgo, formatTime } from '../../../renderer/ui/format-time.ts'

const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

describe('a moment', () => {
  it('is shown in UTC as it is stored', () => {
    expect(formatTime('2026-03-01T08:05:09.042Z', 'utc', true)).toBe('2026-03-01 08:05:09 UTC')
    expect(formatTime('2026-03-01T08:05:09.042Z', 'utc', false)).toBe('08:05:09.042 UTC')
  })

  it('is shown in local time with its zone, half hours and other days included', () => {
    process.env.TZ = 'Asia/Kolkata'
    expect(formatTime('2026-03-01T20:05:09.042Z', 'local', true)).toBe('2026-03-02 01:35:09 +05:30')
    process.env.TZ = 'America/New_York'
    expect(formatTime('2026-03-01T02:05:09.042Z', 'local', true)).toBe('2026-02-28 21:05:09 -05:00')
    expect(formatTime('2026-03-01T02:05:09.042Z', 'local', false)).toBe('21:05:09.042')
  })

  it('is shown as it was written where it is no moment', () => {
    expect(formatTime('yesterday', 'local', true)).toBe('yesterday')
  })
})

describe('an age', () => {
  it.each([
    [-5_000, 'just now'],
    [1_999, 'just now'],
    [42_900, '42 s ago'],
    [60_000, '1 min ago'],
    [3_600_000, '1 h 0 min ago'],
    [47 * 3_600_000, '47 h 0 min ago'],
    [12 * 86_400_000, '12 days ago'],
  ])('of %i ms is "%s"', (milliseconds, words) => {
    expect(formatAgo(milliseconds)).toBe(words)
  })
})
