import { readdirSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pathsOfRun } from '../../electron/adapters/run-log/run-paths.ts'
import { createRunStore } from '../../electron/adapters/run-log/run-store.ts'
import { verifyRunLog } from '../../electron/adapters/run-log/verify-run-log.ts'
import { createLiveReader } from '../../electron/cli/terminal/live-reader.ts'
import { canonicalizeRun, printCanonicalRun } from '../../electron/events/canonical-run.ts'
import { describeEvent } from '../../electron/events/describe-event.ts'
import { buildReport } from '../../electron/reports/build-report.ts'
import { foldAll } from '../../shared/run/fold-run.ts'
import { exitCodeOf } from '../../shared/run/outcome.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { Screen, TestClock } from '../cli/terminal/screen.ts'
import { createReportValidator } from '../reports/report-validator.ts'
import { calmMood, envelop, sampleRuns } from './samples/runs.ts'
import { printLog } from './samples/write-log.ts'

const recordings = fileURLToPath(new URL('../fixtures/runs/', import.meta.url))
const names = readdirSync(recordings)
  .filter(name => name.endsWith('.jsonl'))
  .sort()
const validate = createReportValidator()

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-replay-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Puts a recording where the run store keeps runs; its own lines say which run it is. */
async function storeRecording(name: string): Promise<string> {
  const file = join(recordings, name)
  const [first = ''] = (await readFile(file, 'utf8')).split('\n')
  const runId: string = JSON.parse(first).runId
  const { events } = pathsOfRun(folder, runId)
  await mkdir(dirname(events))
  await copyFile(file, events)
  return runId
}

describe.each(names)('replays every recorded run: %s', name => {
  async function readRecording(): Promise<readonly RunEvent[]> {
    return createRunStore(folder).read(await storeRecording(name))
  }

  it('is chained without a gap and complete', async () => {
    expect(await verifyRunLog(folder, await storeRecording(name))).toMatchObject({
      complete: true,
      problem: null,
    })
  })

  it('folds to a finished state', async () => {
    const state = foldAll(await readRecording())
    expect(state.outcome).not.toBeNull()
    expect(state.outcome && exitCodeOf(state.outcome)).toBe(state.exitCode)
    expect(state.phases.filter(phase => phase.status === 'running')).toEqual([])
    const isSettled = state.outcome !== 'needs_human' && state.outcome !== 'tool_failed'
    const open = state.tenants.filter(tenant => ['running', 'prepared'].includes(tenant.status))
    if (isSettled) expect(open).toEqual([])
  })

  it('has a canonical form without anything of its own time and place', async () => {
    const events = await readRecording()
    expect(canonicalizeRun(events).length).toBeGreaterThan(0)
    const text = printCanonicalRun(events)
    expect(text).not.toContain(events[0]?.runId)
    expect(text).not.toMatch(/"at":|"volatile":|"prev":|127\.0\.0\.1:\d|lockstep:[0-9A-Z]{26}/)
  })

  it('has a report that fits the published schema', async () => {
    const report = buildReport(foldAll(await readRecording()), { headHash: 'a'.repeat(64) })
    expect(validate(report)).toEqual([])
  })

  it('says each event in words', async () => {
    for (const event of await readRecording()) expect(describeEvent(event)).not.toMatch(/undefined|\[object/)
  })

  it('ends on the terminal as it did', async () => {
    const events = await readRecording()
    const screen = new Screen(120, 60)
    const clock = new TestClock(Date.parse(events.at(-1)?.at ?? ''))
    const reader = createLiveReader(screen, { clock, isColored: false, onProcessEnd: () => () => undefined })
    for (const event of events) reader.read(event)
    reader.close()
    expect(screen.text).toMatchSnapshot()
  })
})

describe('the made recordings', () => {
  it.each(Object.entries(sampleRuns))('%s is what the samples make today', async (name, makeFacts) => {
    await expect(printLog(envelop(makeFacts(calmMood)))).toMatchFileSnapshot(
      join(recordings, `${name}.jsonl`),
    )
  })
})
