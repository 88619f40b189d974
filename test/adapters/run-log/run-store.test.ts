import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashLine } from '../../../electron/adapters/run-log/hash-chain.ts'
import { openLogFile } from '../../../electron/adapters/run-log/log-file.ts'
import { newRunId } from '../../../electron/adapters/run-log/new-run-id.ts'
import { pruneRuns } from '../../../electron/adapters/run-log/prune-runs.ts'
import { pathsOfRun } from '../../../electron/adapters/run-log/run-paths.ts'
import { createRunStore } from '../../../electron/adapters/run-log/run-store.ts'
import { verifyRunLog } from '../../../electron/adapters/run-log/verify-run-log.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'

const started: RunFact = {
  type: 'run.started',
  project: 'acme',
  toolVersion: '0.1.0',
  intent: { verb: 'run', target: [], tenants: [] },
  volatile: {},
}
const finished: RunFact = {
  type: 'run.finished',
  outcome: 'migrated',
  exitCode: 0,
  failure: null,
  volatile: {},
}
const tenantStarted: RunFact = {
  type: 'tenant.started',
  group: 'rest',
  tenant: 'birch',
  from: [],
  to: ['0002'],
  volatile: {},
}

function voted(tenant: string): RunFact {
  return {
    type: 'tenant.voted',
    group: 'rest',
    tenant,
    vote: 'yes',
    failure: null,
    fingerprint: 'f',
    volatile: {},
  }
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-run-log-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function writeRun(facts: readonly RunFact[]): Promise<string> {
  const runId = newRunId()
  const writer = await createRunStore(folder).create(runId)
  for (const fact of facts) await writer.append(fact)
  await writer.close()
  return runId
}

async function failureOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(LockstepError)
  return error instanceof LockstepError ? error.failure : null
}

describe('writing', () => {
  it('stores one event per line, chained by the hash of the line before', async () => {
    const runId = await writeRun([started, voted('ash'), finished])
    const lines = (await readFile(pathsOfRun(folder, runId).events, 'utf8')).trimEnd().split('\n')
    const parsed = lines.map(line => JSON.parse(line))
    expect(parsed.map(line => line.seq)).toEqual([1, 2, 3])
    expect(parsed[0].prev).toBe('0'.repeat(64))
    expect(parsed[1].prev).toBe(hashLine(lines[0]!))
    expect(parsed[2].prev).toBe(hashLine(lines[1]!))
  })

  it('gives back exactly what it stored', async () => {
    const runId = newRunId()
    const store = createRunStore(folder, { now: () => new Date('2026-01-02T03:04:05.678Z') })
    const writer = await store.create(runId)
    const stored = [await writer.append(started), await writer.append(finished, { durable: true })]
    await writer.close()
    expect(await store.read(runId)).toStrictEqual(stored)
    expect(stored[0]).toMatchObject({ v: 1, runId, seq: 1, at: '2026-01-02T03:04:05.678Z' })
  })

  it('keeps the order of calls that nobody waited for', async () => {
    const runId = newRunId()
    const writer = await createRunStore(folder).create(runId)
    const names = Array.from({ length: 500 }, (_, index) => `t${index}`)
    await Promise.all(names.map((name, index) => writer.append(voted(name), { durable: index % 7 === 0 })))
    await writer.close()
    const events = await createRunStore(folder).read(runId)
    expect(events.map(event => ('tenant' in event ? event.tenant : ''))).toEqual(names)
  })

  it('refuses an id that exists, and an append after the end', async () => {
    const store = createRunStore(folder)
    const runId = newRunId()
    const writer = await store.create(runId)
    expect(await failureOf(store.create(runId))).toMatchObject({ kind: 'log_unwritable', code: 'EEXIST' })
    await writer.close()
    expect(await failureOf(writer.append(started))).toMatchObject({ kind: 'log_unwritable', code: 'closed' })
  })

  it('leaves only the log behind once it is closed', async () => {
    const runId = await writeRun([started, finished])
    expect(await readdir(join(folder, runId))).toEqual(['events.jsonl'])
  })

  it('says which folder cannot be written', async () => {
    await writeFile(join(folder, 'file'), '')
    const failure = await failureOf(createRunStore(join(folder, 'file')).create(newRunId()))
    expect(failure).toMatchObject({ kind: 'log_unwritable', code: 'EEXIST' })
  })
})

/** A disk that is full after some bytes; half of the write that does not fit is written, as systems do. */
function createFullDisk(runId: () => string, capacity: number, options = { reserveHelps: true }) {
  let used = 0
  return createRunStore(folder, {
    openFile: async (path, mode) => {
      const file = await openLogFile(path, mode)
      return {
        ...file,
        append: async bytes => {
          const isReserved = (await readdir(join(folder, runId()))).includes('reserve')
          if ((isReserved || !options.reserveHelps) && used + bytes.length > capacity) {
            await file.append(bytes.subarray(0, 10))
            throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
          }
          used += bytes.length
          await file.append(bytes)
        },
      }
    },
  })
}

describe('a full disk', () => {
  it('gives the reserve back, so that what has begun can be ended and nothing new begins', async () => {
    const runId = newRunId()
    const store = createFullDisk(() => runId, 300)
    const writer = await store.create(runId)
    await writer.append(started)
    await writer.append(voted('ash'), { durable: true })
    expect(await failureOf(writer.append(tenantStarted))).toMatchObject({
      kind: 'log_unwritable',
      code: 'ENOSPC',
    })
    await writer.append(finished, { durable: true })
    await writer.close()
    expect(await verifyRunLog(folder, runId)).toMatchObject({ events: 3, complete: true, problem: null })
  })

  it('says so when the reserve is not enough, and leaves no half line', async () => {
    const runId = newRunId()
    const store = createFullDisk(() => runId, 300, { reserveHelps: false })
    const writer = await store.create(runId)
    await writer.append(started)
    expect(await failureOf(writer.append(voted('ash')))).toMatchObject({
      kind: 'log_unwritable',
      code: 'ENOSPC',
    })
    await writer.close()
    expect(await verifyRunLog(folder, runId)).toMatchObject({ events: 1, problem: null })
  })

  it('appends nothing more once it is unknown what is on disk', async () => {
    const runId = newRunId()
    const store = createRunStore(folder, {
      openFile: async (path, mode) => ({
        ...(await openLogFile(path, mode)),
        sync: () => Promise.reject(Object.assign(new Error('broken'), { code: 'EIO' })),
      }),
    })
    const writer = await store.create(runId)
    await writer.append(started)
    expect(await failureOf(writer.append(voted('ash'), { durable: true }))).toMatchObject({ code: 'EIO' })
    expect(await failureOf(writer.append(finished))).toMatchObject({ code: 'EIO' })
    await writer.close()
  })
})

describe('damage', () => {
  async function editLines(runId: string, edit: (lines: string[]) => string[]): Promise<void> {
    const { events } = pathsOfRun(folder, runId)
    const lines = (await readFile(events, 'utf8')).trimEnd().split('\n')
    await writeFile(events, `${edit(lines).join('\n')}\n`)
  }

  it.each([
    ['edited', (lines: string[]) => lines.with(1, lines[1]!.replace('ash', 'oak')), 3],
    ['removed', (lines: string[]) => lines.toSpliced(1, 1), 2],
    ['swapped', (lines: string[]) => [lines[0]!, lines[2]!, lines[1]!, lines[3]!], 2],
    ['doubled', (lines: string[]) => [lines[0]!, lines[1]!, lines[1]!, lines[2]!, lines[3]!], 3],
    ['overwritten', (lines: string[]) => lines.with(2, 'rubbish'), 3],
    ['empty', (lines: string[]) => lines.with(0, ''), 1],
  ])('names the first line that does not fit when one was %s', async (_how, edit, line) => {
    const runId = await writeRun([started, voted('ash'), voted('elm'), finished])
    await editLines(runId, edit)
    expect(await failureOf(createRunStore(folder).read(runId))).toMatchObject({ kind: 'log_damaged', line })
    expect(await verifyRunLog(folder, runId)).toMatchObject({ events: line - 1, complete: false, line })
    expect(await failureOf(createRunStore(folder).reopen(runId))).toMatchObject({ kind: 'log_damaged' })
  })

  it('shows in the list that a log without an end is damaged', async () => {
    const runId = await writeRun([started, voted('ash'), voted('elm')])
    await editLines(runId, lines => lines.toSpliced(1, 1))
    expect(await createRunStore(folder).list()).toMatchObject([
      { runId, outcome: null, damage: expect.stringContaining('line 2') },
    ])
  })

  it('lists a finished run whose lines are too long to be read from its ends alone', async () => {
    const failure = { kind: 'internal', message: 'x'.repeat(100_000) } as const
    const runId = await writeRun([started, { ...finished, outcome: 'tool_failed', exitCode: 1, failure }])
    expect(await createRunStore(folder).list()).toMatchObject([
      { runId, outcome: 'tool_failed', damage: null },
    ])
  })

  it('refuses a newer format in plain words', async () => {
    const runId = await writeRun([started])
    await editLines(runId, lines => lines.map(line => line.replace('"v":1', '"v":2')))
    const failure = await failureOf(createRunStore(folder).read(runId))
    expect(failure).toMatchObject({
      problem: 'the log has format 2, and this Lockstep reads formats up to 1: update Lockstep',
    })
  })

  it('refuses an event of a type that it does not know', async () => {
    const runId = await writeRun([started])
    await editLines(runId, lines => lines.map(line => line.replace('run.started', 'run.begun')))
    expect(await failureOf(createRunStore(folder).read(runId))).toMatchObject({
      problem: 'the line is not an event that this Lockstep knows',
    })
  })

  it('reads an empty log as no events, and says that it is empty', async () => {
    const runId = await writeRun([])
    expect(await createRunStore(folder).read(runId)).toEqual([])
    expect((await verifyRunLog(folder, runId)).problem).toContain('the log is empty')
    const [run] = await createRunStore(folder).list()
    expect(run?.damage).toContain('the log is empty')
  })

  it('reads past a cut-off last line, and repairs it when the run is taken up again', async () => {
    const runId = await writeRun([started, voted('ash'), finished])
    const { events, folder: runFolder } = pathsOfRun(folder, runId)
    const whole = await readFile(events, 'utf8')
    await truncate(events, whole.length - 20)
    const store = createRunStore(folder)
    expect(await store.read(runId)).toHaveLength(2)
    expect((await verifyRunLog(folder, runId)).problem).toContain('cut off')
    expect(await store.list()).toMatchObject([{ outcome: null, damage: null }])
    const writer = await store.reopen(runId)
    await writer.append(finished)
    await writer.close()
    expect((await store.read(runId)).map(event => event.type)).toEqual([
      'run.started',
      'tenant.voted',
      'log.repaired',
      'run.finished',
    ])
    expect(await verifyRunLog(folder, runId)).toMatchObject({ events: 4, complete: true, problem: null })
    expect(await readFile(join(runFolder, 'events.torn-1'), 'utf8')).toBe(
      whole.slice(whole.trimEnd().lastIndexOf('\n') + 1, -20),
    )
  })

  it('repairs every possible cut of a log without losing a whole line', async () => {
    const runId = await writeRun([started, finished])
    const { events } = pathsOfRun(folder, runId)
    const whole = await readFile(events)
    const firstEnd = whole.indexOf('\n') + 1
    for (let length = 0; length < whole.length; length += 1) {
      await writeFile(events, whole.subarray(0, length))
      expect(await createRunStore(folder).read(runId)).toHaveLength(length >= firstEnd ? 1 : 0)
    }
  })

  it('notices lines cut off at the end through the report beside the log', async () => {
    const runId = await writeRun([started, voted('ash'), finished])
    const { headHash } = await verifyRunLog(folder, runId)
    const report = JSON.stringify({ log_events: 3, log_head: headHash })
    await createRunStore(folder).writeDocument(runId, 'report.json', report)
    expect((await verifyRunLog(folder, runId)).problem).toBeNull()
    await editLines(runId, lines => lines.with(2, lines[2]!.replace('migrated', 'rolled_back')))
    expect((await verifyRunLog(folder, runId)).problem).toContain('line 3 is not the one')
    await editLines(runId, lines => lines.slice(0, 2))
    expect((await verifyRunLog(folder, runId)).problem).toContain('made from 3 events, the log holds 2')
  })
})

describe('who writes', () => {
  it('lists runs newest first, and says which are alive', async () => {
    const older = await writeRun([started, finished])
    const newer = newRunId()
    const store = createRunStore(folder)
    const writer = await store.create(newer)
    await writer.append(started)
    expect(await store.list()).toEqual([
      expect.objectContaining({ runId: newer, project: 'acme', outcome: null, alive: true, damage: null }),
      expect.objectContaining({ runId: older, outcome: 'migrated', exitCode: 0, alive: false, damage: null }),
    ])
    await writer.close()
  })

  it('lists nothing where nothing was ever stored', async () => {
    expect(await createRunStore(join(folder, 'missing')).list()).toEqual([])
  })

  it('refuses a second writer while the first is alive', async () => {
    const runId = newRunId()
    const store = createRunStore(folder)
    const writer = await store.create(runId)
    await writer.append(started)
    expect(await failureOf(store.reopen(runId))).toMatchObject({ kind: 'log_unwritable', code: 'EBUSY' })
    await writer.append(finished)
    await writer.close()
  })

  it('is not fooled by a later process with the same pid', async () => {
    const runId = newRunId()
    const store = createRunStore(folder)
    const writer = await store.create(runId)
    await writer.append(started)
    const { owner } = pathsOfRun(folder, runId)
    const hasStartTime = JSON.parse(await readFile(owner, 'utf8')).startTime !== null
    await writeFile(owner, JSON.stringify({ pid: process.pid, startTime: '1@another-boot' }))
    expect(await store.list()).toMatchObject([{ alive: !hasStartTime }])
    await writer.close()
  })

  it('sees that a killed process is gone, and takes its run up', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const runId = await writeRun([started])
    const store = createRunStore(folder)
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => null)
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    const startTime = stat && `${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}@${boot.trim()}`
    await writeFile(pathsOfRun(folder, runId).owner, JSON.stringify({ pid: child.pid, startTime }))
    expect(await store.list()).toMatchObject([{ alive: true }])
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    expect(await store.list()).toMatchObject([{ alive: false }])
    const writer = await store.reopen(runId)
    await writer.append(finished)
    await writer.close()
    expect(await store.list()).toMatchObject([{ outcome: 'migrated' }])
  })

  it('answers an unknown run with those that are known', async () => {
    const known = await writeRun([started])
    for (const runId of [newRunId(), '../../etc', '']) {
      expect(await failureOf(createRunStore(folder).read(runId))).toEqual({
        kind: 'run_unknown',
        runId,
        known: [known],
      })
    }
  })
})

describe('documents and retention', () => {
  it('stores a document whole, and never over a file of the log', async () => {
    const runId = await writeRun([started, finished])
    const store = createRunStore(folder)
    await store.writeDocument(runId, 'report.json', '{}')
    expect(await readFile(join(folder, runId, 'report.json'), 'utf8')).toBe('{}')
    for (const name of ['events.jsonl', 'owner.json', '../report.json', 'reserve', '.hidden']) {
      expect(await failureOf(store.writeDocument(runId, name, ''))).toMatchObject({ kind: 'internal' })
    }
    expect(await failureOf(store.writeDocument(newRunId(), 'report.json', ''))).toMatchObject({
      kind: 'run_unknown',
    })
    expect((await readdir(join(folder, runId))).sort()).toEqual(['events.jsonl', 'report.json'])
  })

  it('removes the oldest finished runs and nothing that is unfinished or damaged', async () => {
    const oldest = await writeRun([started, finished])
    const unfinished = await writeRun([started])
    const damaged = await writeRun([started, finished])
    await appendFile(pathsOfRun(folder, damaged).events, 'rubbish\n')
    const middle = await writeRun([started, finished])
    const newest = await writeRun([started, finished])
    expect(await pruneRuns(folder, 1)).toEqual([middle, oldest])
    const left = (await createRunStore(folder).list()).map(run => run.runId)
    expect(left).toEqual([newest, damaged, unfinished])
  })
})
