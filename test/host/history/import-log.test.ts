import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pathsOfRun } from '../../../electron/adapters/run-log/run-paths.ts'
import { printCanonicalRun } from '../../../electron/events/canonical-run.ts'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import { printLog } from '../../shared/samples/write-log.ts'
import { eventsOf, type LogPlace, makeLogPlace, recordings, runIdOf } from './log-folder.ts'

let place: LogPlace
beforeEach(() => {
  place = makeLogPlace()
})
afterEach(() => place.remove())

const whole = recordings['0.1.0-crash-after-decision.jsonl'] ?? ''
const runId = runIdOf(whole)
const kept = () => pathsOfRun(place.imports, runId).events
const printed = (text: string) =>
  `${eventsOf(text)
    .map(event => JSON.stringify(event))
    .join('\n')}\n`

async function refusalOf(text: string, name = 'dropped.jsonl'): Promise<string> {
  const failure = await place.history.importLog(name, text).then(
    () => null,
    (error: unknown) => toFailure(error),
  )
  if (failure?.kind !== 'file_unreadable') throw new Error(`not refused as unreadable: ${failure?.kind}`)
  expect(describeFailure(failure).what).toBe(`${name} cannot be opened.`)
  return failure.problem
}

describe('a log from elsewhere is opened', () => {
  it.each(Object.entries(recordings))('whichever it is: %s', async (name, text) => {
    const id = await place.history.importLog(name, text)
    const { summary, state } = await place.history.read(id)
    expect(summary).toMatchObject({ runId: id, isImported: true, alive: false, damage: null })
    expect(state).toEqual(foldAll(eventsOf(text)))
    expect((await place.history.range(id, {}, 0, 1_000)).total).toBe(eventsOf(text).length)
  })

  it('in the form that lockstep log --json prints, and becomes the bytes that its run wrote', async () => {
    await place.history.importLog('ci.jsonl', printed(whole))
    expect(readFileSync(kept(), 'utf8')).toBe(whole)
  })

  it('with the line ends of another system, a mark at its beginning, or no end of its last line', async () => {
    for (const text of [whole.replaceAll('\n', '\r\n'), `\uFEFF${whole}`, whole.trimEnd(), `${whole}\n\n`]) {
      await place.history.importLog('log', text)
      expect(readFileSync(kept(), 'utf8')).toBe(whole)
    }
  })

  it('as far as it is whole when it was cut off, and says so', async () => {
    const cut = whole.slice(0, whole.length - 100)
    await place.history.importLog('log', cut)
    const lines = eventsOf(whole).length - 1
    const { summary, state } = await place.history.read(runId)
    expect(summary.damage).toBe(`the log is cut off after line ${lines}`)
    expect(state.lastSeq).toBe(lines)
    expect(state.outcome).toBeNull()
  })

  it('once more when it went on, and its beginning does not take away what is known', async () => {
    const lines = whole.split('\n')
    const beginning = `${lines.slice(0, 50).join('\n')}\n`
    await place.history.importLog('log', beginning)
    expect((await place.history.range(runId, {}, 0, 1)).all).toBe(50)
    await place.history.importLog('log', whole)
    expect((await place.history.range(runId, {}, 0, 1)).all).toBe(lines.length - 1)
    await place.history.importLog('log', beginning)
    expect(readFileSync(kept(), 'utf8')).toBe(whole)
  })

  it('as the run that is here already, where it is one', async () => {
    place.store(whole)
    expect(await place.history.importLog('log', printed(whole))).toBe(runId)
    expect(existsSync(kept())).toBe(false)
    expect((await place.history.read(runId)).summary.isImported).toBe(false)
  })

  it('under the id of its run, whatever its name says', async () => {
    await place.history.importLog('../../../../../../escape/events.jsonl', whole)
    expect(readdirSync(place.imports)).toEqual([runId])
    expect(readdirSync(join(place.imports, '..')).sort()).toEqual(['imports'])
  })
})

describe('what is no log is refused, with what it is', () => {
  it('an empty file', async () => {
    expect(await refusalOf(' \n')).toBe('it is empty')
  })

  it('text', async () => {
    expect(await refusalOf('Dear diary,\ntoday\n')).toBe('line 1: the line is not a JSON object')
    expect(await refusalOf('\0\x01\x02')).toBe('line 1: the line is not a JSON object')
  })

  it('a report, printed in one line or in many', async () => {
    place.store(whole)
    const report = await place.history.report(runId)
    const words =
      'it is a report, which says how a run ended and not what happened in it: open the events.jsonl that lies beside it'
    expect(await refusalOf(report)).toBe(words)
    expect(await refusalOf(`${JSON.stringify(JSON.parse(report))}\n`)).toBe(words)
  })

  it('the canonical form', async () => {
    expect(await refusalOf(printCanonicalRun(eventsOf(whole)))).toMatch(/^it is the canonical form of a log/)
  })

  it('an edited log, by the first line that does not follow', async () => {
    const edited = whole.replace('"vote":"yes"', '"vote":"no"')
    const line = edited.split('\n').findIndex(text => text.includes('"vote":"no"')) + 1
    expect(await refusalOf(edited)).toBe(
      `line ${line + 1}: the line does not follow the one before it: a line was changed, removed or moved`,
    )
    expect(existsSync(kept())).toBe(false)
  })

  it('a printed log with a missing line', async () => {
    const lines = printed(whole).split('\n')
    expect(await refusalOf([...lines.slice(0, 9), ...lines.slice(10)].join('\n'))).toBe(
      'line 10: the line has number 11 where 10 is due',
    )
  })

  it('lines of two runs', async () => {
    const other = printed(recordings['made-migrated.jsonl'] ?? '').split('\n')
    const lines = printed(whole).split('\n')
    expect(await refusalOf([...lines.slice(0, 5), ...other.slice(5)].join('\n'))).toBe(
      'line 6: the line belongs to another run',
    )
  })

  it('a newer format', async () => {
    expect(await refusalOf(whole.replace('"v":1', '"v":2'))).toBe(
      'line 1: the log has format 2, and this Lockstep reads formats up to 1: update Lockstep',
    )
  })

  it('events that lack what they should say, though the chain is whole', async () => {
    const [first] = eventsOf(whole)
    if (first === undefined) throw new Error('the recording is empty')
    const broken = { ...first, seq: 2, type: 'gate.judged', gate: 'capacity' } as unknown as typeof first
    expect(await refusalOf(printLog([first, broken]))).toBe(
      'line 2: the line lacks what an event of type gate.judged says',
    )
  })

  it('an id that is no id, such as a path', async () => {
    const path = printed(whole).replaceAll(runId, '../../outside')
    expect(await refusalOf(path)).toBe('line 1: it names no run id')
  })

  it('another log under the id of one that is open', async () => {
    await place.history.importLog('log', whole)
    const [first] = eventsOf(whole)
    if (first === undefined) throw new Error('the recording is empty')
    expect(await refusalOf(printLog([{ ...first, at: '2026-01-01T00:00:00.000Z' }]))).toBe(
      `another log of run ${runId} is open already, and it says something else`,
    )
    expect(readFileSync(kept(), 'utf8')).toBe(whole)
  })

  it('one huge line, without a wait that anybody would notice', async () => {
    const startedAt = performance.now()
    expect(await refusalOf(`{"v":1,"text":"${'x'.repeat(20_000_000)}`)).toBe(
      'line 1: the line is not a JSON object',
    )
    expect(performance.now() - startedAt).toBeLessThan(4_000)
  })
})

it('shows what is whole of a log that was edited after it was kept', async () => {
  await place.history.importLog('log', whole)
  await place.history.read(runId)
  writeFileSync(kept(), whole.replace('"vote":"yes"', '"vote":"nay"'))
  const line = whole.split('\n').findIndex(text => text.includes('"vote":"yes"')) + 1
  const { summary, state } = await place.history.read(runId)
  expect(summary.damage).toMatch(new RegExp(`^line ${line + 1}: the line does not follow`))
  expect(state.lastSeq).toBe(line)
  const page = await place.history.range(runId, {}, 0, 1_000)
  expect(page.total).toBe(line)
  expect(await place.history.list()).toMatchObject([{ runId, damage: summary.damage }])
})
