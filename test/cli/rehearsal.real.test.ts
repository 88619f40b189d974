import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { waitUntil } from '../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>
let count = 0

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
})

afterEach(async () => {
  expect(await home.traces()).toEqual([])
  expect(await copies()).toEqual([])
})

afterAll(async () => {
  await home.close()
  await close()
})

function makeProject(config: Readonly<Record<string, unknown>> = {}): Promise<SmallProject> {
  count += 1
  return makeSmallProject({ home, sandbox, name: `rehearsal${count}`, config })
}

async function copies(): Promise<readonly unknown[]> {
  return (await sandbox.query("select datname from pg_database where datname like 'lockstep%'")).map(
    row => row.datname,
  )
}

const sleeping = { 'migrations/0003_sleep.up.sql': 'select pg_sleep(120);\n' }
const isAsleep = async (): Promise<boolean> =>
  (
    await sandbox.query(
      "select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'",
    )
  ).length > 0

it('a plan shows what it did on a copy, keeps that for this plan, and stays quiet where nobody wants it', async () => {
  const project = await makeProject()
  const without = await project.run(['plan', '--no-rehearse'])
  expect(without.stdout).toContain(
    'not rehearsed: this plan has not been rehearsed: lockstep plan --rehearse',
  )
  const first = await project.run(['plan'])
  expect(first).toMatchObject({ exitCode: 0 })
  expect(first.stdout).toMatch(/Rehearsal {2}on a copy on primary, with all rows, in /)
  expect(first.stdout).toMatch(/rollback: without loss/)
  expect(first.stderr).toMatch(/^rehearsal {2}from-empty: copying rehearsal\d_a$/m)
  const kept = await project.run(['plan', '--no-rehearse', '--json'])
  expect(kept.stderr).toBe('')
  expect(JSON.parse(kept.stdout)).toMatchObject({
    source: 'sql',
    foresight: { rehearsal: { shadow: { kind: 'template' }, routes: [{ problem: null }] } },
  })
  expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
})

it('a project that never rehearses does so when it is asked to', async () => {
  const project = await makeProject({ rehearsal: { when: 'never' } })
  expect((await project.run(['plan'])).stdout).toContain('rehearsal.when is never in the configuration')
  expect((await project.run(['plan', '--rehearse'])).stdout).toContain('Rehearsal  on a copy on primary')
})

it('a run rehearses by itself where every plan is to be rehearsed, and meets what the copy met', async () => {
  const project = await makeProject({ rehearsal: { when: 'always' } })
  project.writeFiles({ 'migrations/0003_wrong.up.sql': 'select 1 / 0;\n' })
  const { exitCode, stderr } = await project.run(['run', '--yes'])
  expect(exitCode).toBe(3)
  expect(stderr).toMatch(/expected_fingerprint/)
  expect(stderr).toMatch(/division by zero/)
})

it('Ctrl-C ends a rehearsal in good order', async () => {
  const project = await makeProject()
  project.writeFiles(sleeping)
  const started = project.start(['plan'])
  await waitUntil(isAsleep, 'the rehearsal to sleep')
  started.signal('SIGINT')
  expect(await started.ended).toMatchObject({
    exitCode: 130,
    stderr: expect.stringContaining('stopped: no copy is left'),
  })
})

it('the next rehearsal drops what a killed one has left', async () => {
  const project = await makeProject()
  project.writeFiles(sleeping)
  const started = project.start(['plan'])
  await waitUntil(isAsleep, 'the rehearsal to sleep')
  started.signal('SIGKILL')
  await started.ended.catch(() => undefined)
  const left = await copies()
  expect(left).toHaveLength(1)
  await sandbox.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'lockstep%'",
  )
  await waitUntil(async () => !(await isAsleep()), 'the sleeper to be gone')
  project.writeFiles({ 'migrations/0003_sleep.up.sql': 'select 1;\n' })
  expect((await project.run(['plan'])).stdout).toContain('Rehearsal  on a copy on primary')
})
