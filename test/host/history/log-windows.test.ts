import { mkdirSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newRunId } from '../../../electron/adapters/run-log/new-run-id.ts'
import { pathsOfRun } from '../../../electron/adapters/run-log/run-paths.ts'
import { filterLines } from '../../../electron/events/filter-lines.ts'
import { createLineMaker } from '../../../electron/events/to-log-line.ts'
import type { LogFilter, LogLine, LogQuery } from '../../../shared/api/log-line.ts'
import { toPattern } from '../../../shared/log/match-text.ts'
import { phaseNames } from '../../../shared/run/phase.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'
import { eventSamples } from '../../shared/samples/events.ts'
import { writeLargeLog } from './large-log.ts'
import { createChain, eventsOf, type LogPlace, makeLogPlace, recordings } from './log-folder.ts'

let place: LogPlace
beforeEach(() => {
  place = makeLogPlace()
})
afterEach(() => place.remove())

const plain: LogQuery = { text: '', matchCase: false, wholeWord: false, isRegex: false }

/** What the index must give, computed from all lines at once. */
function searchNaively(lines: readonly LogLine[], query: LogQuery): readonly number[] {
  const pattern = toPattern(query)
  if ('problem' in pattern) return []
  const expression = new RegExp(pattern.source, pattern.flags.replace('g', ''))
  return lines.flatMap((line, index) => (expression.test(line.text) ? [index] : []))
}

const anyFact = fc.constantFrom<RunFact>(...Object.values(eventSamples).flat())
const anyTenantFact = fc
  .tuple(
    fc.constantFrom<RunFact>(
      ...eventSamples['tenant.started'],
      ...eventSamples['statement.executed'],
      ...eventSamples['tenant.voted'],
      ...eventSamples['tenant.retried'],
    ),
    fc.constantFrom('ash', 'birch', 'čedar'),
  )
  .map(([fact, tenant]) => ({ ...fact, tenant }) as RunFact)
const anyLog = fc.array(fc.oneof(anyFact, anyTenantFact), { minLength: 1, maxLength: 120 })
const optional = { requiredKeys: [] as [] }
const anyFilter: fc.Arbitrary<LogFilter> = fc.record(
  {
    tenant: fc.constantFrom('ash', 'birch', 'čedar', 'nobody'),
    phase: fc.constantFrom(...phaseNames),
    gate: fc.constantFrom('replica_lag', 'capacity', 'nothing'),
    source: fc.constantFrom('engine', 'server', 'migration', 'gate', 'person'),
    attempt: fc.integer({ min: 0, max: 3 }),
    problemsWith: fc.integer({ min: 0, max: 4 }),
  },
  optional,
)
const anyQuery: fc.Arbitrary<LogQuery> = fc.oneof(
  fc.record({
    text: fc.constantFrom('tenant', 'BIRCH', 'čed', 'a', '(', '#1', 'voted no', 'schema', 'x+'),
    matchCase: fc.boolean(),
    wholeWord: fc.boolean(),
    isRegex: fc.constant(false),
  }),
)

describe('windows of a log', () => {
  it('are what filtering every line at once gives, on any log', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, anyFilter, fc.nat(130), fc.nat(40), async (facts, filter, from, count) => {
        const text = createChain(newRunId())(facts)
        const runId = place.store(text)
        const all = eventsOf(text).map(createLineMaker())
        const expected = filterLines(all, filter)
        expect(await place.history.range(runId, filter, from, count)).toEqual({
          lines: expected.slice(from, from + count),
          from,
          total: expected.length,
          all: all.length,
        })
      }),
      { numRuns: 150 },
    )
  })

  it('are the same when the log grew between two looks, under any filter', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, anyLog, anyFilter, async (early, late, filter) => {
        const chain = createChain(newRunId())
        const before = chain(early)
        const runId = place.store(before)
        await place.history.range(runId, filter, 0, 500)
        const after = chain(late)
        place.append(runId, after)
        const expected = filterLines(eventsOf(before + after).map(createLineMaker()), filter)
        const page = await place.history.range(runId, filter, 0, 500)
        expect(page.lines).toEqual(expected)
        expect(page.total).toBe(expected.length)
      }),
      { numRuns: 120 },
    )
  })

  it('leave out a line that is being written, and have it when it is whole', async () => {
    const chain = createChain(newRunId())
    const first = chain(eventSamples['run.started'])
    const next = chain(eventSamples['recovery.started'])
    const runId = place.store(first + next.slice(0, 20))
    expect(await place.history.range(runId, {}, 0, 9)).toMatchObject({ total: 2, all: 2 })
    place.append(runId, next.slice(20))
    expect(await place.history.range(runId, {}, 0, 9)).toMatchObject({ total: 3, all: 3 })
  })

  it('begin with line 1, each line numbered as its event', async () => {
    for (const text of Object.values(recordings)) {
      const runId = place.store(text)
      const page = await place.history.range(runId, {}, 0, 1_000)
      expect(page.lines.map(line => line.line)).toEqual(eventsOf(text).map(event => event.seq))
      expect(page.lines[0]?.line).toBe(1)
    }
  })

  it('of 200,000 lines are the right ones, wherever they are', async () => {
    const runId = newRunId()
    mkdirSync(pathsOfRun(place.runs, runId).folder, { recursive: true })
    writeLargeLog(place.fileOf(runId), runId, 200_000, 100)
    for (const from of [0, 255, 256, 99_999, 199_990]) {
      const page = await place.history.range(runId, {}, from, 20)
      expect(page.total).toBe(200_000)
      const wanted = Array.from(
        { length: Math.min(20, 200_000 - from) },
        (_unused, index) => from + index + 1,
      )
      expect(page.lines.map(line => line.line)).toEqual(wanted)
    }
    const tenant = await place.history.range(runId, { tenant: 'tenant-0007', attempt: 3 }, 0, 20)
    expect(tenant.lines.map(({ tenant, attempt }) => `${tenant} ${attempt}`)).toEqual(
      tenant.lines.map(() => 'tenant-0007 3'),
    )
    expect(tenant.total).toBeGreaterThan(7)
    expect((await place.history.range(runId, { problemsWith: 0 }, 0, 1)).total).toBe(
      (await place.history.search(runId, {}, { ...plain, text: 'lost a lock race' })).total,
    )
  }, 120_000)
})

describe('a search', () => {
  it('finds what matching every line at once gives, on any log', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, anyFilter, anyQuery, async (facts, filter, query) => {
        const text = createChain(newRunId())(facts)
        const runId = place.store(text)
        const expected = searchNaively(filterLines(eventsOf(text).map(createLineMaker()), filter), query)
        expect(await place.history.search(runId, filter, query)).toEqual({
          total: expected.length,
          positions: expected,
          problem: null,
        })
      }),
      { numRuns: 120 },
    )
  })

  it('finds with a regular expression what that expression matches', async () => {
    const runId = place.store(recordings['made-voted-down.jsonl'] ?? '')
    const lines = eventsOf(recordings['made-voted-down.jsonl'] ?? '').map(createLineMaker())
    for (const text of ['^tenant \\w+ voted (yes|no)', 'BIRCH$', '.']) {
      const query = { ...plain, text, isRegex: true }
      const expected = searchNaively(lines, query)
      expect(await place.history.search(runId, {}, query)).toEqual({
        total: expected.length,
        positions: expected,
        problem: null,
      })
    }
  })

  it('says in words why a pattern cannot be used', async () => {
    const runId = place.store(recordings['made-migrated.jsonl'] ?? '')
    const search = (text: string) => place.history.search(runId, {}, { ...plain, text, isRegex: true })
    expect(await search('(')).toEqual({
      total: 0,
      positions: [],
      problem: 'the pattern cannot be used: unterminated group',
    })
    expect((await search('')).problem).toBe('there is nothing to look for')
  })

  it('gives up a pattern that takes for ever, while others are answered', async () => {
    const chain = createChain(newRunId())
    const statement = eventSamples['statement.executed'][0]
    if (statement === undefined) throw new Error('no sample of a statement')
    const runId = place.store(chain([{ ...statement, sql: `select '${'a'.repeat(60)}!'` }]))
    let isGivenUp = false
    const slow = place.history.search(runId, {}, { ...plain, text: '(a+)+$', isRegex: true }).finally(() => {
      isGivenUp = true
    })
    const page = await place.history.range(runId, {}, 0, 5)
    expect(page.total).toBe(1)
    expect(isGivenUp).toBe(false)
    expect(await slow).toEqual({
      total: 0,
      positions: [],
      problem: 'the pattern takes too long: make it simpler',
    })
  }, 60_000)

  it('counts every match and names the first ten thousand', async () => {
    const chain = createChain(newRunId())
    const lag = eventSamples['lag.sampled'][0]
    if (lag === undefined) throw new Error('no sample of lag')
    const runId = place.store(chain(Array.from({ length: 12_000 }, () => lag)))
    const found = await place.history.search(runId, {}, { ...plain, text: 'lag of server' })
    expect(found.total).toBe(12_000)
    expect(found.positions).toEqual(Array.from({ length: 10_000 }, (_unused, index) => index))
  }, 60_000)
})
