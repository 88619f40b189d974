import { describe, expect, it } from 'vitest'
import { createPlainReader, type PlainReaderOptions } from '../../../electron/cli/terminal/plain-reader.ts'
import {
  calmMood,
  envelop,
  makeMigratedRun,
  makeVotedDownRun,
  sampleRuns,
} from '../../shared/samples/runs.ts'
import { Screen, TestClock } from './screen.ts'

function createReader(options: Partial<PlainReaderOptions> = {}) {
  const clock = new TestClock(calmMood.startAt)
  const lines: string[] = []
  const stream = { write: (text: string) => lines.push(text) }
  const reader = createPlainReader(stream, {
    clock,
    isColored: false,
    isVerbose: false,
    isGithub: false,
    ...options,
  })
  return { clock, reader, text: () => lines.join(''), lines }
}

describe('plain lines', () => {
  it.each(Object.entries(sampleRuns))('tell the run %s', (_name, makeFacts) => {
    const { reader, text } = createReader()
    for (const event of envelop(makeFacts(calmMood))) reader.read(event)
    reader.close()
    expect(text()).toMatchSnapshot()
    expect(text()).not.toContain('\u001b')
  })

  it('tell every event when asked to', () => {
    const { reader, lines } = createReader({ isVerbose: true })
    const events = envelop(makeMigratedRun(calmMood))
    for (const event of events) reader.read(event)
    expect(lines).toHaveLength(events.length)
  })

  it('keep to those that stand out when there are many tenants', () => {
    const names = Array.from({ length: 21 }, (_, index) => `t${index}`)
    const { reader, text } = createReader()
    const discovered = {
      type: 'tenants.discovered',
      tenants: names.map(name => ({ name, cluster: 'main', database: name, appRole: null })),
    } as const
    const votes = makeVotedDownRun(calmMood).filter(fact => fact.type === 'tenant.voted')
    for (const event of envelop([discovered, ...votes])) reader.read(event)
    expect(text()).toContain('birch voted no')
    expect(text()).not.toContain('voted yes')
  })

  it('fold the phases only for GitHub Actions', () => {
    const { reader, text } = createReader({ isGithub: true })
    for (const event of envelop(makeMigratedRun(calmMood))) reader.read(event)
    reader.close()
    const commands = text()
      .split('\n')
      .filter(line => line.startsWith('::'))
    expect(commands.slice(0, 4)).toEqual([
      '::group::topology discovery',
      '::endgroup::',
      '::group::planning',
      '::endgroup::',
    ])
    expect(commands.filter(line => line === '::endgroup::')).toHaveLength(commands.length / 2)
  })

  it('close an open fold when the run breaks off', () => {
    const { reader, lines } = createReader({ isGithub: true })
    for (const event of envelop(makeMigratedRun(calmMood)).slice(0, 3)) reader.read(event)
    reader.close()
    expect(lines).toContain('::endgroup::\n')
  })
})

describe('the heartbeat', () => {
  function readUntil(type: string) {
    const made = createReader()
    const events = envelop(makeMigratedRun(calmMood))
    const index = events.findIndex(event => event.type === type)
    for (const event of events.slice(0, index + 1)) made.reader.read(event)
    return { ...made, before: made.lines.length }
  }

  it('says every half minute what is being waited for', () => {
    const { clock, lines, before } = readUntil('tenant.started')
    clock.advance(29_000)
    expect(lines).toHaveLength(before)
    clock.advance(31_500)
    expect(lines.slice(before)).toEqual([
      '03:04:35.000  still at migration execution after 28.6 s, waiting for 1 tenant to vote: ash\n',
      '03:05:05.000  still at migration execution after 58.6 s, waiting for 1 tenant to vote: ash\n',
    ])
  })

  it('keeps still while lines come, while somebody is asked, and after the end', () => {
    const { clock, lines, before, reader } = readUntil('approval.recorded')
    reader.suspend()
    clock.advance(120_000)
    expect(lines).toHaveLength(before)
    reader.resume()
    clock.advance(29_000)
    expect(lines).toHaveLength(before)
    clock.advance(2_000)
    expect(lines).toHaveLength(before + 1)
    reader.close()
    const atEnd = lines.length
    clock.advance(120_000)
    expect(lines).toHaveLength(atEnd)
    expect(clock.running).toBe(0)
  })
})

it('is coloured only when told to, and says the same', () => {
  const events = envelop(makeVotedDownRun(calmMood))
  const texts = [true, false].map(isColored => {
    const screen = new Screen(400, 400)
    const clock = new TestClock(calmMood.startAt)
    const reader = createPlainReader(screen, { clock, isColored, isVerbose: false, isGithub: false })
    for (const event of events) reader.read(event)
    reader.close()
    return { written: screen.written, seen: screen.text }
  })
  expect(texts[0]?.written).toContain('\u001b[31m')
  expect(texts[1]?.written).not.toContain('\u001b')
  expect(texts[0]?.seen).toBe(texts[1]?.seen)
})
