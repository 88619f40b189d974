import { afterAll, beforeAll, expect, it } from 'vitest'
import { newRunId } from '../../../electron/adapters/run-log/new-run-id.ts'
import { createRunStore } from '../../../electron/adapters/run-log/run-store.ts'
import { loadProject } from '../../../electron/host/settings/load-project.ts'
import { nameCopy } from '../../../electron/naming/copy-name.ts'
import { type EngineFixture, openEngineFixture } from '../../support/engine-fixture.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openService, passingSettings } from './service-bench.ts'

let fixture: EngineFixture

beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn'] })
})
afterAll(() => fixture.close())

it('a recovery from a dashboard settles the run, and removes the copies that it has left', async () => {
  fixture.writeProject(passingSettings)
  const { runsFolder } = loadProject(fixture.file, fixture.folder)
  const runId = newRunId()
  const log = await createRunStore(runsFolder).create(runId)
  const intent = { verb: 'run', target: [], tenants: [] } as const
  await log.append({ type: 'run.started', project: 'fixture', toolVersion: '0.0.0', intent, volatile: {} })
  await log.close()
  const copy = nameCopy('snapshot', runId, 'acorn')
  await fixture.sandbox.query(`create database ${copy}`)
  const isThere = async (): Promise<boolean> =>
    (await fixture.sandbox.query(`select from pg_database where datname = '${copy}'`)).length > 0

  const { service, client } = openService(fixture.file, fixture.stateFolder)
  try {
    await client.ask('run.recover', { runId, confirmation: { kind: 'acknowledged' } })
    await waitUntil(async () => !(await isThere()), 'the copy to be gone', 60)
    await waitUntil(
      async () => (await client.ask('session.read', {})).activeRuns.length === 0,
      'the recovery to be over',
      60,
    )
    expect((await client.ask('run.read', { runId })).summary).toMatchObject({ outcome: 'rolled_back' })
  } finally {
    await service.close()
  }
})
