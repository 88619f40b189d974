import { mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newRunId } from '../../../electron/adapters/run-log/new-run-id.ts'
import { pathsOfRun } from '../../../electron/adapters/run-log/run-paths.ts'
import { createRunStore } from '../../../electron/adapters/run-log/run-store.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'

const started: RunFact = {
  type: 'run.started',
  project: 'acme',
  toolVersion: '0.1.0',
  intent: { verb: 'run', target: [], tenants: [] },
  volatile: {},
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-lost-log-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function writeRun(facts: readonly RunFact[]): Promise<string> {
  const log = await createRunStore(folder).create(newRunId())
  for (const fact of facts) await log.append(fact)
  await log.close()
  return log.runId
}

/** Later than it was made, whatever the clock of the file system can tell apart. */
async function empty(events: string): Promise<void> {
  await truncate(events)
  const later = new Date(Date.now() + 1_000)
  await utimes(events, later, later)
}

const failureOf = (asked: Promise<unknown>) => asked.then(() => null, toFailure)

describe('a log of which nothing can be told', () => {
  it.each([
    ['EISDIR', (events: string) => mkdir(events)],
    ['ELOOP', (events: string) => symlink(events, events)],
  ])('is a failure of its own where the system says %s', async (code, replace) => {
    const runId = await writeRun([started])
    const { events } = pathsOfRun(folder, runId)
    await rm(events)
    await replace(events)
    const store = createRunStore(folder)
    for (const ask of [store.read, store.readIntact, store.reopen])
      expect(await failureOf(ask(runId))).toEqual({ kind: 'log_unreadable', file: events, code })
    expect(await store.list()).toMatchObject([
      { runId, lost: 'unreadable', damage: expect.stringContaining(code) },
    ])
  })

  it('is told apart from one that never had an event, and from one whose run had ended', async () => {
    const runId = await writeRun([started])
    const { events, folder: place } = pathsOfRun(folder, runId)
    await empty(events)
    const store = createRunStore(folder)
    expect(await store.list()).toMatchObject([{ lost: 'emptied', damage: expect.stringContaining('gone') }])
    expect(await store.readIntact(runId)).toMatchObject({ lost: 'emptied' })
    await writeFile(join(place, 'report.json'), '{}')
    const [ended] = await store.list()
    expect(ended).toMatchObject({ unreadable: 'empty', damage: expect.stringContaining('gone') })
    expect(ended?.lost).toBeUndefined()
    await rm(place, { recursive: true })
    await writeRun([])
    expect(await store.list()).toMatchObject([
      { unreadable: 'empty', damage: expect.stringContaining('before the first event') },
    ])
  })

  it('says when it is taken up again that its events were lost', async () => {
    const runId = await writeRun([started])
    await empty(pathsOfRun(folder, runId).events)
    const store = createRunStore(folder)
    await (await store.reopen(runId, { setAside: true })).close()
    const damage = expect.stringContaining('gone')
    expect(await store.read(runId)).toMatchObject([{ type: 'log.repaired', volatile: { bytes: 0, damage } }])
  })
})
