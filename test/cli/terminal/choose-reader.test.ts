import { describe, expect, it } from 'vitest'
import { shouldColor } from '../../../electron/cli/terminal/choose-colors.ts'
import { chooseReader, guardReader } from '../../../electron/cli/terminal/choose-reader.ts'
import { createJsonEventsReader } from '../../../electron/cli/terminal/json-events-reader.ts'
import { fitText, measureText, padText } from '../../../electron/cli/terminal/measure-text.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { calmMood, envelop, makeIdleRun, makeMigratedRun, makeStoppedRun } from '../../shared/samples/runs.ts'
import { Screen, TestClock } from './screen.ts'

const pipe = { write: () => true }

describe('colours', () => {
  it.each([
    ['a terminal', new Screen(), {}, null, true],
    ['a pipe', pipe, {}, null, false],
    ['NO_COLOR', new Screen(), { NO_COLOR: '1' }, null, false],
    ['an empty NO_COLOR', new Screen(), { NO_COLOR: '' }, null, true],
    ['FORCE_COLOR on a pipe', pipe, { FORCE_COLOR: '1' }, null, true],
    ['FORCE_COLOR=0', new Screen(), { FORCE_COLOR: '0' }, null, false],
    ['NO_COLOR and FORCE_COLOR', new Screen(), { NO_COLOR: '1', FORCE_COLOR: '1' }, null, false],
    ['TERM=dumb', new Screen(), { TERM: 'dumb' }, null, false],
    ['--no-color', new Screen(), { FORCE_COLOR: '1' }, false, false],
    ['--color', pipe, { NO_COLOR: '1' }, true, true],
  ])('are right for %s', (_case, stream, env, flag, expected) => {
    expect(shouldColor({ stream, env, flag })).toBe(expected)
  })
})

function show(
  events: readonly RunEvent[],
  env: Readonly<Record<string, string>>,
  flags: { readonly isQuiet?: boolean; readonly isVerbose?: boolean } = {},
) {
  const screen = new Screen(200, 100)
  const clock = new TestClock(calmMood.startAt)
  const reader = chooseReader({
    stream: screen,
    env,
    isQuiet: flags.isQuiet ?? false,
    isVerbose: flags.isVerbose ?? false,
    colorFlag: null,
    clock,
  })
  for (const event of events) reader.read(event)
  clock.advance(200)
  reader.close()
  return screen
}

describe('the reader that is chosen', () => {
  const events = envelop(makeMigratedRun(calmMood))
  const movesCursor = (screen: Screen) => screen.written.includes('\u001b[?25l')

  it('redraws on a terminal, and not under TERM=dumb, in CI, when verbose or beside a debug log', () => {
    expect(movesCursor(show(events, {}))).toBe(true)
    expect(movesCursor(show(events, { TERM: 'dumb' }))).toBe(false)
    expect(movesCursor(show(events, { CI: 'true' }))).toBe(false)
    expect(movesCursor(show(events, { LOCKSTEP_DEBUG: 'run' }))).toBe(false)
    expect(movesCursor(show(events, {}, { isVerbose: true }))).toBe(false)
    expect(show(events, { TERM: 'dumb' }).written).not.toContain('\u001b')
  })

  it('folds phases under GITHUB_ACTIONS only', () => {
    expect(show(events, { CI: 'true', GITHUB_ACTIONS: 'true' }).written).toContain('::group::')
    expect(show(events, { CI: 'true' }).written).not.toContain('::group::')
  })

  it('is silent about good ends when it is to be quiet, and not about others', () => {
    expect(show(events, {}, { isQuiet: true }).written).toBe('')
    expect(show(envelop(makeIdleRun(calmMood)), {}, { isQuiet: true }).written).toBe('')
    expect(show(envelop(makeStoppedRun(calmMood)), {}, { isQuiet: true }).text).toContain(
      'Nothing was changed',
    )
  })

  it('does not break what it reads when its stream is gone', () => {
    const clock = new TestClock(calmMood.startAt)
    const stream = {
      isTTY: true,
      write: () => {
        throw new Error('EPIPE')
      },
    }
    const reader = chooseReader({ stream, env: {}, isQuiet: false, isVerbose: false, colorFlag: null, clock })
    for (const event of events) reader.read(event)
    clock.advance(1_000)
    reader.suspend()
    reader.resume()
    reader.close()
    const calls: string[] = []
    const guarded = guardReader({
      prime: () => calls.push('prime'),
      read: () => {
        calls.push('read')
        throw new Error('broken')
      },
      suspend: () => calls.push('suspend'),
      resume: () => calls.push('resume'),
      close: () => calls.push('close'),
    })
    guarded.read(events[0]!)
    guarded.read(events[1]!)
    guarded.close()
    expect(calls).toEqual(['read'])
  })
})

it('writes every event as one line of JSON', () => {
  const events = envelop(makeMigratedRun(calmMood))
  const lines: string[] = []
  const reader = createJsonEventsReader({ write: text => lines.push(text) })
  for (const event of events) reader.read(event)
  reader.close()
  expect(lines.map(line => JSON.parse(line))).toEqual(events)
  expect(lines.every(line => line.indexOf('\n') === line.length - 1)).toBe(true)
})

describe('columns', () => {
  it.each([
    ['abc', 3],
    ['Straße', 6],
    ['客户', 4],
    ['e\u0301', 1],
    ['✔', 1],
    ['🚀', 2],
    ['', 0],
  ])('of %j are %d', (text, columns) => {
    expect(measureText(text)).toBe(columns)
  })

  it('are never more than there is room for', () => {
    expect(fitText('abcdef', 4)).toBe('abc…')
    expect(fitText('客户数据', 4)).toBe('客…')
    expect(fitText('abcd', 4)).toBe('abcd')
    expect(fitText('abcd', 0)).toBe('')
    expect(padText('客', 4)).toBe('客  ')
  })
})
