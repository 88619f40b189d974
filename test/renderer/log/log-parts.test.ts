import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countNewLines,
  type FollowMode,
  isPinnedTo,
  nextFollowMode,
} from '../../../renderer/log/follow-mode.ts'
import { readLogView } from '../../../renderer/log/log-view.ts'
import { createPageCache, pageSize } from '../../../renderer/log/page-cache.ts'
import {
  offsetAfterScroll,
  offsetToShow,
  rowsInSight,
  scaleOf,
  toScrollTop,
} from '../../../renderer/log/scroll-scale.ts'
import { splitLine, stripLine } from '../../../renderer/log/split-line.ts'
import { findStretches } from '../../../shared/log/match-text.ts'
import { createLongLog } from '../../support/dashboard/sample-run.ts'

describe('the scale of the scroll bar', () => {
  it('gives ten million lines a height that the browser can draw', () => {
    const scale = scaleOf(10_000_000, 600)
    expect(scale.height).toBe(30_000_000)
    expect(scale.end).toBe(199_999_400)
    expect(toScrollTop(scale, scale.end)).toBe(30_000_000 - 600)
  })

  it('moves a wheel by as many pixels, however long the log is', () => {
    const scale = scaleOf(10_000_000, 600)
    const before = { offset: 100_000_000, scrollTop: toScrollTop(scale, 100_000_000) }
    expect(offsetAfterScroll(scale, before, before.scrollTop + 100)).toBe(100_000_100)
  })

  it('takes a dragged thumb as a place, and its ends as the first and the last line', () => {
    const scale = scaleOf(10_000_000, 600)
    const before = { offset: 0, scrollTop: 0 }
    expect(offsetAfterScroll(scale, before, 15_000_000) / scale.end).toBeCloseTo(0.5, 3)
    expect(offsetAfterScroll(scale, before, 30_000_000 - 600)).toBe(scale.end)
    expect(offsetAfterScroll(scale, { offset: 5_000, scrollTop: 300 }, 0)).toBe(0)
  })

  it('reaches every line: what is shown for it holds it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.nat(), (rows, pick) => {
        const row = pick % rows
        const scale = scaleOf(rows, 617)
        const { first, last } = rowsInSight(scale, offsetToShow(scale, 0, row), rows)
        expect(row).toBeGreaterThanOrEqual(first)
        expect(row).toBeLessThanOrEqual(last)
      }),
    )
  })
})

describe('following the end', () => {
  const follow: FollowMode = { mode: 'follow' }

  it('yields to whoever scrolls, selects or searches, and counts what comes meanwhile', () => {
    const away = nextFollowMode(follow, { kind: 'turned_away', total: 40 })
    expect(away).toEqual({ mode: 'history', seen: 40 })
    expect(nextFollowMode(away, { kind: 'turned_away', total: 55 })).toBe(away)
    expect(countNewLines(away, 52)).toBe(12)
  })

  it('counts no line as new that was there before it, or under another filter', () => {
    const opened: FollowMode = { mode: 'history', seen: null }
    expect(countNewLines(opened, 900)).toBe(0)
    const known = nextFollowMode(opened, { kind: 'shown_anew', total: 900 })
    expect(countNewLines(known, 903)).toBe(3)
  })

  it('resumes at the end', () => {
    expect(nextFollowMode({ mode: 'history', seen: 3 }, { kind: 'reached_end' })).toEqual(follow)
  })

  it('does not exist for a run that has ended', () => {
    const ended: FollowMode = { mode: 'ended', isAtEnd: false }
    expect(nextFollowMode(ended, { kind: 'reached_end' })).toEqual(ended)
  })

  it('leaves whoever followed a run to its end at its last line, until they turn away', () => {
    const ended = nextFollowMode(follow, { kind: 'run_ended' })
    expect(isPinnedTo(ended)).toBe(true)
    expect(isPinnedTo(nextFollowMode(ended, { kind: 'turned_away', total: 9 }))).toBe(false)
    const away = nextFollowMode({ mode: 'history', seen: 3 }, { kind: 'run_ended' })
    expect(isPinnedTo(away)).toBe(false)
  })
})

describe('a line of the log', () => {
  const none = (): readonly (readonly [number, number])[] => []

  it('keeps colours and drops everything else that steers a terminal', () => {
    expect(splitLine('\u001b[31mERROR\u001b[0m at \u001b[2J\u001b]0;title\u0007line\u0007 1', none)).toEqual([
      { text: 'ERROR', colour: 'fail', isBold: false, isMatch: false },
      { text: ' at line 1', colour: null, isBold: false, isMatch: false },
    ])
  })

  it('marks what a search found, across colours', () => {
    const query = { text: 'or at', matchCase: false, wholeWord: false, isRegex: false }
    expect(
      splitLine('\u001b[31merror\u001b[0m at 1', text => findStretches(text, query)).map(segment => [
        segment.text,
        segment.colour,
        segment.isMatch,
      ]),
    ).toEqual([
      ['err', 'fail', false],
      ['or', 'fail', true],
      [' at', null, true],
      [' 1', null, false],
    ])
  })

  it('loses no visible character, and lets no control character through', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.integer({ min: 0, max: 0x24f }), { maxLength: 60 })
          .map(codes => String.fromCharCode(...codes)),
        text => {
          const whole = splitLine(text, none)
            .map(segment => segment.text)
            .join('')
          expect(whole).toBe(stripLine(text))
          expect([...whole].filter(steersTerminal)).toEqual([])
        },
      ),
    )
  })

  it('shows a redaction as it is', () => {
    expect(stripLine('connecting to [redacted:dsn]')).toBe('connecting to [redacted:dsn]')
  })
})

describe('the pages of a log', () => {
  it('asks first for what is in sight, and gives every line its place', async () => {
    const log = createLongLog(10_000_000)
    const cache = createPageCache(async (from, count) => ({ ok: true, value: log.range({}, from, count) }))
    cache.want([0])
    await expect.poll(() => cache.snapshot().total).toBe(10_000_000)
    cache.want([9_000_000, 9_000_029])
    await expect.poll(() => cache.lineAt(9_000_029)?.line).toBe(9_000_030)
    expect(log.asked[1]?.from).toBe(Math.floor(9_000_000 / pageSize) * pageSize)
  })

  it('forgets what has gone out of sight before it was asked for, and keeps few pages', async () => {
    const log = createLongLog(10_000_000)
    const cache = createPageCache(async (from, count) => ({ ok: true, value: log.range({}, from, count) }))
    cache.want([0])
    await expect.poll(() => cache.snapshot().total).toBe(10_000_000)
    for (let page = 0; page < 1_000; page += 1) cache.want([page * 10_000])
    await expect.poll(() => cache.lineAt(999 * 10_000)?.line).toBe(999 * 10_000 + 1)
    expect(log.asked.length).toBeLessThan(20)
  })

  it('asks again for the last page when lines were added, and only then', async () => {
    const log = createLongLog(300)
    const cache = createPageCache(async (from, count) => ({ ok: true, value: log.range({}, from, count) }))
    cache.want([299])
    await expect.poll(() => cache.lineAt(299)?.line).toBe(300)
    const before = log.asked.length
    cache.want([299])
    expect(log.asked.length).toBe(before)
    log.write(20)
    cache.grow(320)
    cache.want([319])
    await expect.poll(() => cache.lineAt(319)?.line).toBe(320)
  })
})

describe('the address of a log', () => {
  it('holds filter, search and line, and leaves out what makes no sense', () => {
    expect(
      readLogView({
        tenant: 'acme',
        phase: 'smoke_test',
        problems: '3',
        q: 'lock',
        regex: '1',
        only: '1',
        line: '4012',
      }),
    ).toEqual({
      filter: { tenant: 'acme', phase: 'smoke_test', problemsWith: 3 },
      query: { text: 'lock', matchCase: false, wholeWord: false, isRegex: true },
      onlyMatches: true,
      line: 4012,
    })
    expect(readLogView({ phase: 'lunch', source: 'x', attempt: '-1', line: '1e9', only: '1' })).toEqual({
      filter: {},
      query: null,
      onlyMatches: false,
      line: null,
    })
  })
})

function steersTerminal(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return (code < 0x20 && code !== 0x09 && code !== 0x0a) || (code >= 0x7f && code < 0xa0)
}
