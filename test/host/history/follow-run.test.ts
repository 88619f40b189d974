import { appendFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newRunId } from '../../../electron/adapters/run-log/new-run-id.ts'
import { createRunStore } from '../../../electron/adapters/run-log/run-store.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'
import { eventSamples } from '../../shared/samples/events.ts'
import { createChain, eventsOf, type LogPlace, makeLogPlace, recordings } from './log-folder.ts'

let place: LogPlace
let end: AbortController
beforeEach(() => {
  place = makeLogPlace()
  end = new AbortController()
})
afterEach(() => {
  end.abort()
  place.remove()
})

const recording = recordings['0.1.0-server-crash.jsonl'] ?? ''
const statement = eventSamples['statement.executed'][0] as RunFact

/** Follows until so many events have come. */
async function take(
  runId: string,
  afterSeq: number,
  wanted: number,
): Promise<readonly (readonly RunEvent[])[]> {
  const batches: (readonly RunEvent[])[] = []
  let count = 0
  for await (const batch of place.history.follow(runId, afterSeq, end.signal)) {
    batches.push(batch)
    count += batch.length
    if (count >= wanted) break
  }
  return batches
}

it('gives every event after a number once and in order, from wherever one begins', async () => {
  const runId = place.store(recording)
  const events = eventsOf(recording)
  for (const afterSeq of [0, 1, 100, events.length - 1]) {
    const batches = await take(runId, afterSeq, events.length - afterSeq)
    expect(batches.flat()).toEqual(events.slice(afterSeq))
  }
})

it('goes on after the end of a run, for a recovery may append', async () => {
  const lines = recording.split('\n')
  const finished = lines.findIndex(line => line.includes('"run.finished"')) + 1
  const runId = place.store(`${lines.slice(0, finished).join('\n')}\n`)
  const following = take(runId, finished - 1, lines.length - finished)
  await place.history.range(runId, {}, 0, 1)
  place.append(runId, lines.slice(finished).join('\n'))
  expect((await following).flat().map(event => event.seq)).toEqual(
    eventsOf(recording)
      .map(event => event.seq)
      .slice(finished - 1),
  )
})

it('sends at most 64 kB at once, and at most 60 batches a second, the first without a wait', async () => {
  const chain = createChain(newRunId())
  const text = chain(Array.from({ length: 4_000 }, () => statement))
  const runId = place.store(text)
  const startedAt = performance.now()
  const batches = await take(runId, 0, 4_000)
  const tookMs = performance.now() - startedAt
  expect(batches.flat()).toEqual(eventsOf(text))
  for (const batch of batches) expect(JSON.stringify(batch).length).toBeLessThanOrEqual(64 * 1_024)
  expect(batches.length).toBeGreaterThan(10)
  expect(tookMs).toBeGreaterThan(((batches.length - 1) * 1_000) / 60 - 5)
})

it('sends a line that is larger than a batch alone', async () => {
  const long: RunFact = {
    ...(statement as Extract<RunFact, { type: 'statement.executed' }>),
    sql: 'x'.repeat(700_000),
  }
  const text = createChain(newRunId())([statement, long, statement])
  const batches = await take(place.store(text), 0, 3)
  expect(batches.map(batch => batch.length)).toEqual([1, 1, 1])
  expect(batches.flat()).toEqual(eventsOf(text))
})

it('gives a slow reader what came meanwhile in one batch', async () => {
  const runId = newRunId()
  const writer = await createRunStore(place.runs).create(runId)
  await writer.append(eventSamples['run.started'][0]!)
  const reading = place.history.follow(runId, 0, end.signal)[Symbol.asyncIterator]()
  expect((await reading.next()).value).toHaveLength(1)
  for (let count = 0; count < 50; count += 1) await writer.append(statement)
  expect((await reading.next()).value).toHaveLength(50)
  await writer.close()
  await reading.return?.()
})

it('ends when the signal comes, also while nothing happens', async () => {
  const runId = place.store(recording)
  const following = take(runId, eventsOf(recording).length, 1)
  end.abort()
  expect(await following).toEqual([])
})

it('gives what is whole of a damaged log, then says which line is not', async () => {
  const runId = place.store(recording)
  appendFileSync(place.fileOf(runId), '{"v":1}\n')
  const seen: RunEvent[] = []
  const failure = await (async () => {
    for await (const batch of place.history.follow(runId, 0, end.signal)) seen.push(...batch)
  })().catch((error: unknown) => toFailure(error))
  expect(seen).toEqual(eventsOf(recording))
  expect(failure).toMatchObject({ kind: 'log_damaged', line: seen.length + 1 })
})

it('is at one with the windows of the same log', async () => {
  const runId = newRunId()
  const writer = await createRunStore(place.runs).create(runId)
  await writer.append(eventSamples['run.started'][0]!)
  const writing = (async () => {
    for (let count = 0; count < 300; count += 1) await writer.append(statement)
    await writer.close()
  })()
  for await (const batch of place.history.follow(runId, 0, end.signal)) {
    const last = batch.at(-1)?.seq ?? 0
    const { all, lines } = await place.history.range(runId, {}, last - batch.length, batch.length)
    expect(all).toBeGreaterThanOrEqual(last)
    expect(lines.map(line => line.line)).toEqual(batch.map(event => event.seq))
    if (last === 301) break
  }
  await writing
})
