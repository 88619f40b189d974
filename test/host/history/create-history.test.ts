import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newRunId } from '../../../electron/adapters/run-log/new-run-id.ts'
import { pathsOfRun } from '../../../electron/adapters/run-log/run-paths.ts'
import { createRunStore } from '../../../electron/adapters/run-log/run-store.ts'
import { createLineMaker } from '../../../electron/events/to-log-line.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import { describeLine } from '../../../shared/log/describe-lines.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'
import { eventSamples } from '../../shared/samples/events.ts'
import { createChain, eventsOf, type LogPlace, makeLogPlace, recordings, runIdOf } from './log-folder.ts'

let place: LogPlace
beforeEach(() => {
  place = makeLogPlace()
})
afterEach(() => place.remove())

const migrated = recordings['0.1.0-migrated.jsonl'] ?? ''
const stopped = recordings['0.1.0-leaky-tenant.jsonl'] ?? ''

async function failureOf(work: Promise<unknown>) {
  return work.then(
    () => null,
    (error: unknown) => toFailure(error),
  )
}

function withoutEnvelope({ v: _v, runId: _runId, seq: _seq, at: _at, ...fact }: RunEvent): RunFact {
  return fact
}

describe('the list of runs', () => {
  it('has every run once, newest first, those from elsewhere marked', async () => {
    place.store(migrated)
    await place.history.importLog('log', stopped)
    const list = await place.history.list()
    expect(list.map(run => run.runId)).toEqual([runIdOf(migrated), runIdOf(stopped)].sort().reverse())
    const byId = Object.fromEntries(list.map(run => [run.runId, run]))
    expect(byId[runIdOf(migrated)]).toMatchObject({ isImported: false, outcome: 'migrated', exitCode: 0 })
    expect(byId[runIdOf(stopped)]).toMatchObject({
      isImported: true,
      outcome: 'stopped_by_gate',
      exitCode: 3,
    })
  })

  it('is empty where nothing ever ran', async () => {
    expect(await place.history.list()).toEqual([])
  })

  it('says what a run has come to since the last time', async () => {
    const runId = newRunId()
    const writer = await createRunStore(place.runs).create(runId)
    await writer.append(eventSamples['run.started'][0]!)
    expect(await place.history.list()).toMatchObject([{ runId, outcome: null, alive: true, damage: null }])
    await writer.append({
      type: 'run.finished',
      outcome: 'migrated',
      exitCode: 0,
      failure: null,
      volatile: {},
    })
    await writer.close()
    expect(await place.history.list()).toMatchObject([{ runId, outcome: 'migrated', alive: false }])
  })

  it('agrees with what reading each run says', async () => {
    for (const text of Object.values(recordings)) {
      const runId = place.store(text)
      const [listed] = (await place.history.list()).filter(run => run.runId === runId)
      expect(listed).toEqual((await place.history.read(runId)).summary)
    }
  })

  it('of 500 runs is there at once', async () => {
    for (let number = 0; number < 500; number += 1) {
      const runId = newRunId()
      const { folder, events } = pathsOfRun(place.runs, runId)
      mkdirSync(folder, { recursive: true })
      writeFileSync(
        events,
        createChain(runId)([...eventSamples['run.started'], ...eventSamples['run.finished']]),
      )
    }
    expect(await place.history.list()).toHaveLength(500)
    const startedAt = performance.now()
    await place.history.list()
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  }, 60_000)
})

describe('a run', () => {
  it('is found by its id, by the beginning of it, in small letters, and as the last one', async () => {
    const runId = place.store(migrated)
    for (const given of [runId, runId.slice(0, 12), runId.toLowerCase(), 'last']) {
      expect((await place.history.read(given)).summary.runId).toBe(runId)
    }
  })

  it('that is not there is refused with those that are', async () => {
    const runId = place.store(migrated)
    for (const given of ['nothing', '', '../runs', newRunId()]) {
      expect(await failureOf(place.history.read(given))).toEqual({
        kind: 'run_unknown',
        runId: given,
        known: [runId],
      })
    }
  })

  it('that went away is not there any more', async () => {
    const runId = place.store(migrated)
    await place.history.read(runId)
    rmSync(join(place.runs, runId), { recursive: true })
    expect(await failureOf(place.history.range(runId, {}, 0, 1))).toMatchObject({ kind: 'run_unknown' })
  })

  it('without a single whole line is damaged', async () => {
    const runId = newRunId()
    mkdirSync(pathsOfRun(place.runs, runId).folder, { recursive: true })
    writeFileSync(place.fileOf(runId), 'not a log\n')
    expect(await failureOf(place.history.read(runId))).toMatchObject({ kind: 'log_damaged', line: 1 })
  })

  it('has the lag of each standby, and gaps where nobody could ask', async () => {
    const runId = newRunId()
    const of = { type: 'lag.sampled', cluster: 'main' } as const
    place.store(
      createChain(runId)([
        ...eventSamples['run.started'],
        { ...of, server: 's1', volatile: { lagBytes: 4_096, lagSeconds: 0.5 } },
        { ...of, server: 's2', volatile: { lagBytes: 0, lagSeconds: null } },
        { ...of, server: 's1', volatile: { lagBytes: null, lagSeconds: null } },
      ]),
    )
    const { lag } = await place.history.read(runId)
    expect(lag).toMatchObject([
      {
        server: 's1',
        cluster: 'main',
        maxBytes: null,
        samples: [
          { bytes: 4_096, seconds: 0.5, state: 'streaming' },
          { bytes: null, seconds: null, state: 'missing' },
        ],
      },
      { server: 's2', samples: [{ bytes: 0, seconds: null, state: 'idle' }] },
    ])
  })

  it('has the report that its state and its log give', async () => {
    const runId = place.store(migrated)
    const report = JSON.parse(await place.history.report(runId))
    expect(report).toMatchObject({ execution_id: runId, outcome: 'migrated' })
    expect(report.log_head).toMatch(/^[0-9a-f]{64}$/)
    expect(report.log_events).toBe(eventsOf(migrated).length)
    expect(report.undone_by).toBeNull()
  })

  it('has the report that the command line gives: it names the rollback that took the run back', async () => {
    const runId = place.store(migrated)
    const [started] = eventSamples['run.started']
    if (started?.type !== 'run.started') throw new Error('the samples hold no beginning of a run')
    const rollback = await createRunStore(place.runs).create(newRunId())
    const intent = { ...started.intent, verb: 'rollback', undoes: runId } as const
    await rollback.append({ ...started, intent })
    const end = { outcome: 'migrated', exitCode: 0, failure: null, volatile: {} } as const
    await rollback.append({ type: 'run.finished', ...end })
    await rollback.close()
    const report = JSON.parse(await place.history.report(runId))
    expect(report.undone_by).toBe(rollback.runId)
  })
})

describe('a download', () => {
  it('is the log as it is stored', async () => {
    const runId = place.store(migrated)
    expect(await place.history.download(runId, 'jsonl')).toEqual({
      name: `lockstep-${runId}.jsonl`,
      text: migrated,
    })
  })

  it('is every line in words', async () => {
    const runId = place.store(migrated)
    const lines = eventsOf(migrated).map(createLineMaker()).map(describeLine)
    expect(await place.history.download(runId, 'text')).toEqual({
      name: `lockstep-${runId}.txt`,
      text: `${lines.join('\n')}\n`,
    })
  })

  it('can be opened again elsewhere', async () => {
    const runId = place.store(migrated)
    const { text } = await place.history.download(runId, 'jsonl')
    const elsewhere = makeLogPlace()
    try {
      expect(await elsewhere.history.importLog('log', text)).toBe(runId)
      expect((await elsewhere.history.read(runId)).state).toEqual(foldAll(eventsOf(migrated)))
    } finally {
      elsewhere.remove()
    }
  })
})

describe('a comparison', () => {
  it('of a run with itself finds nothing different', async () => {
    const runId = place.store(migrated)
    const { rows, tenants } = await place.history.compare(runId, runId)
    expect(rows.filter(row => !row.equal)).toEqual([])
    expect(new Set(rows.map(row => row.topic))).toEqual(
      new Set(['outcome', 'plan', 'target', 'tool', 'duration', 'phase', 'gate', 'group']),
    )
    expect(tenants.length).toBeGreaterThan(0)
    expect(tenants.every(tenant => tenant.left === tenant.right)).toBe(true)
  })

  it('names what differs, tenants that differ first', async () => {
    const left = place.store(migrated)
    const right = place.store(stopped)
    const { rows, tenants } = await place.history.compare(left, right)
    expect(rows.find(row => row.topic === 'outcome')).toEqual({
      topic: 'outcome',
      name: 'outcome',
      left: 'migrated (exit code 0)',
      right: 'stopped by gate (exit code 3)',
      equal: false,
    })
    const gates = rows.filter(row => row.topic === 'gate' && !row.equal)
    expect(gates.map(row => row.name)).toEqual(['tenant_isolation'])
    const phase = rows.find(row => row.name === 'smoke test of group canary')
    expect(phase).toMatchObject({ right: 'not in this run', equal: false })
    const differing = tenants.map(tenant => tenant.left !== tenant.right)
    expect(differing).toEqual([...differing].sort().reverse())
    expect(differing[0]).toBe(true)
  })
})

describe('the first failure', () => {
  it.each([
    ['0.1.0-crash-after-decision.jsonl', null],
    ['0.1.0-crash-before-decision.jsonl', 'run.finished'],
    ['0.1.0-duplicate-rows.jsonl', 'tenant.voted'],
    ['0.1.0-leaky-tenant.jsonl', 'gate.judged'],
    ['0.1.0-migrated.jsonl', null],
    ['0.1.0-server-crash.jsonl', 'tenant.unsettled'],
    ['made-crashed-and-recovered.jsonl', 'run.finished'],
    ['made-migrated.jsonl', null],
    ['made-nothing-to-do.jsonl', null],
    ['made-stopped-by-gate.jsonl', 'gate.judged'],
    ['made-voted-down.jsonl', 'tenant.voted'],
  ])('of %s is %s', async (name, type) => {
    const runId = place.store(recordings[name] ?? '')
    const { position, line } = await place.history.firstFailure(runId, {})
    if (type === null) return expect({ position, line }).toEqual({ position: null, line: null })
    const { lines } = await place.history.range(runId, {}, position ?? 0, 1)
    expect(lines).toMatchObject([{ type, line, level: 'error' }])
  })

  it('is not the vote of a tenant that was only stopped, though it came before', async () => {
    const events = eventsOf(recordings['made-voted-down.jsonl'] ?? '')
    const at = events.findIndex(event => event.type === 'tenant.voted' && event.vote === 'no')
    const no = events[at]
    if (no?.type !== 'tenant.voted') throw new Error('nobody voted no')
    const early: RunEvent = {
      ...no,
      tenant: 'stopped-early',
      failure: { kind: 'cancelled', reason: 'stopped' },
    }
    const write = createChain(no.runId)
    const runId = place.store(
      write([...events.slice(0, at), early, ...events.slice(at)].map(withoutEnvelope)),
    )
    const { position } = await place.history.firstFailure(runId, {})
    const { lines: shown } = await place.history.range(runId, {}, position ?? 0, 1)
    expect(shown[0]?.text).toContain(no.tenant)
    expect(shown[0]?.text).not.toContain('stopped-early')
  })

  it('has its position under a filter', async () => {
    const runId = place.store(stopped)
    const { line } = await place.history.firstFailure(runId, {})
    const filter = { source: 'gate' } as const
    const { position } = await place.history.firstFailure(runId, filter)
    const page = await place.history.range(runId, filter, position ?? -1, 1)
    expect(page.lines[0]?.line).toBe(line)
    expect(await place.history.firstFailure(runId, { source: 'person' })).toEqual({
      position: null,
      line: null,
    })
  })
})
