import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newRunId } from '../../../electron/adapters/run-log/new-run-id.ts'
import { pathsOfRun } from '../../../electron/adapters/run-log/run-paths.ts'
import { createRunStore } from '../../../electron/adapters/run-log/run-store.ts'
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
const interrupted: RunFact = { type: 'run.interrupted', signal: 'SIGINT' }

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-follow-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function collect(runId: string, afterSeq: number, signal = AbortSignal.timeout(10_000)) {
  const types: string[] = []
  for await (const event of createRunStore(folder).follow(runId, afterSeq, signal)) types.push(event.type)
  return types
}

it('gives the past, then the present, and ends with the run', async () => {
  const runId = newRunId()
  const writer = await createRunStore(folder).create(runId)
  await writer.append(started)
  const whole = collect(runId, 0)
  const later = collect(runId, 1)
  await writer.append(interrupted)
  await writer.append(finished)
  await writer.close()
  expect(await whole).toEqual(['run.started', 'run.interrupted', 'run.finished'])
  expect(await later).toEqual(['run.interrupted', 'run.finished'])
  expect(await collect(runId, 3)).toEqual([])
})

it('stays with a run that has no end, through a repair, until a recovery has ended it', async () => {
  const runId = newRunId()
  const store = createRunStore(folder)
  const first = await store.create(runId)
  await first.append(started)
  await first.close()
  await appendFile(pathsOfRun(folder, runId).events, '{"v":1,"torn')
  const seen: string[] = []
  const reader = (async () => {
    for await (const event of store.follow(runId, 0, AbortSignal.timeout(10_000))) {
      seen.push(event.type)
      if (event.type === 'run.started') await recover()
    }
  })()
  async function recover() {
    const second = await store.reopen(runId)
    await second.append({ type: 'recovery.started', volatile: {} })
    await second.append(finished)
    await second.close()
  }
  await reader
  expect(seen).toEqual(['run.started', 'log.repaired', 'recovery.started', 'run.finished'])
})

it('sees what another process writes', async () => {
  const runId = newRunId()
  const writer = await createRunStore(folder).create(runId)
  await writer.append(started)
  await writer.append(finished)
  await writer.close()
  const { events } = pathsOfRun(folder, runId)
  const [first, second] = (await readFile(events, 'utf8')).split('\n')
  await writeFile(events, `${first}\n`)
  const reading = collect(runId, 0)
  const script = `require('node:fs').appendFileSync(process.argv[1], process.argv[2] + '\\n')`
  const child = spawn(process.execPath, ['-e', script, events, second!], { stdio: 'ignore' })
  await once(child, 'exit')
  expect(await reading).toEqual(['run.started', 'run.finished'])
})

it('ends quietly when the signal comes', async () => {
  const runId = newRunId()
  const writer = await createRunStore(folder).create(runId)
  await writer.append(started)
  const controller = new AbortController()
  const types: string[] = []
  for await (const event of createRunStore(folder).follow(runId, 0, controller.signal)) {
    types.push(event.type)
    setImmediate(() => controller.abort())
  }
  expect(types).toEqual(['run.started'])
  await writer.close()
})

it('says so when the log is damaged or unknown', async () => {
  const runId = newRunId()
  const writer = await createRunStore(folder).create(runId)
  await writer.append(started)
  await writer.close()
  await appendFile(pathsOfRun(folder, runId).events, 'rubbish\n')
  await expect(collect(runId, 0)).rejects.toMatchObject({ failure: { kind: 'log_damaged', line: 2 } })
  await expect(collect(newRunId(), 0)).rejects.toMatchObject({ failure: { kind: 'run_unknown' } })
})
