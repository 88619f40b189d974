import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { findProcesses } from '../support/find-traces.ts'
import { type LockstepHome, openLockstepHome, type RunningLockstep } from '../support/run-lockstep.ts'
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
  // A real migration role is no superuser.
  await sandbox.query("create role migrator login createdb password 'm'")
})

afterEach(async () => {
  expect(await copies()).toEqual([])
})

afterAll(async () => {
  await home.close()
  await close()
})

async function makeProject(config: Readonly<Record<string, unknown>> = {}): Promise<SmallProject> {
  count += 1
  const servers = [{ name: 'primary', port: sandbox.primary.port, user: 'migrator' }]
  const project = await makeSmallProject({
    home,
    sandbox,
    name: `left${count}`,
    config: { servers, ...config },
  })
  for (const tenant of project.tenants) await sandbox.query(`alter database ${tenant} owner to migrator`)
  return project
}

async function copies(pattern = 'lockstep%'): Promise<readonly string[]> {
  const found = await sandbox.query(
    `select datname from pg_database where datname like '${pattern}' order by 1`,
  )
  return found.map(row => String(row.datname))
}

const sleeping = { 'migrations/0003_sleep.up.sql': 'select pg_sleep(600);\n' }

const countSleepers = async (): Promise<number> =>
  (
    await sandbox.query(
      "select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'",
    )
  ).length

async function kill(running: RunningLockstep): Promise<void> {
  running.signal('SIGKILL')
  await running.ended
}

/** An application that writes into a tenant until it is told to stop; gives how many rows it has written. */
async function writeMeanwhile(tenant: string): Promise<() => Promise<number>> {
  const client = await sandbox.connect(tenant)
  await client.query('create table if not exists app_log (id integer primary key)')
  let isWanted = true
  let rows = 0
  const writing = (async () => {
    while (isWanted) {
      await client.query('insert into app_log values ($1)', [rows])
      rows += 1
    }
  })()
  return async () => {
    isWanted = false
    await writing
    const [found] = (await client.query('select count(*)::int as rows from app_log')).rows
    await client.end()
    expect(found).toEqual({ rows })
    return rows
  }
}

it('of a killed plan is shown and removed, also while its statement runs, and never that of a living one', async () => {
  const project = await makeProject()
  project.writeFiles(sleeping)
  const stopWriting = await writeMeanwhile(project.tenants[2] ?? '')
  const dead = project.start(['plan'])
  await waitUntil(async () => (await countSleepers()) === 1, 'the rehearsal to sleep', 60)
  const [left = ''] = await copies()
  await kill(dead)
  const living = project.start(['plan'])
  await waitUntil(async () => (await countSleepers()) === 2, 'another rehearsal to sleep', 60)
  // What the killed one has started still runs.
  const [kept = ''] = (await copies()).filter(name => name !== left)

  const words = `${left} on primary, a scratch copy of a rehearsal that did not end`
  const status = await project.run(['status'])
  expect(status.stdout).toContain(`left behind, and removed by lockstep recover:\n  ${words}`)
  expect(status.stdout).not.toContain(kept)
  expect(JSON.parse((await project.run(['snapshots', '--json'])).stdout).left_copies).toMatchObject([
    { kind: 'shadow', server: 'primary', name: left },
  ])
  const doctor = await project.run(['doctor'])
  expect(doctor.stdout).toContain(`${words}: lockstep recover removes it`)

  const recovered = await project.run(['recover', '--json'])
  expect(recovered.exitCode, recovered.stderr).toBe(0)
  expect(recovered.stderr).toContain(`removed ${words}`)
  expect(JSON.parse(recovered.stdout)).toMatchObject({ copies_removed: [{ name: left, failure: null }] })
  expect(await copies()).toEqual([kept])
  living.signal('SIGTERM')
  expect(await living.ended).toMatchObject({
    exitCode: 143,
    stderr: expect.stringContaining('stopped: no copy is left'),
  })
  expect(readdirSync(join(project.folder, '.lockstep/copies'))).toEqual([])
  expect(await stopWriting()).toBeGreaterThan(0)
})

it('that a session of a superuser keeps is named at once, and by recover for as long as it is kept', async () => {
  const project = await makeProject()
  // It sleeps once, so that somebody can connect to the copy.
  project.writeFiles({ 'migrations/0003_sleep.up.sql': 'select pg_sleep(20);\n' })
  const running = project.start(['plan'])
  await waitUntil(async () => (await countSleepers()) === 1, 'the rehearsal to sleep', 60)
  const [copy = ''] = await copies()
  const monitor = await sandbox.connect(copy)
  await sandbox.query(
    "select pg_cancel_backend(pid) from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'",
  )
  const planned = await running.ended
  expect(planned.exitCode).toBe(0)
  expect(planned.stderr).toMatch(
    new RegExp(
      `the copy ${copy} stays on primary: .*being accessed by other users.* lockstep recover drops it`,
    ),
  )
  expect((await project.run(['status'])).stdout).toContain(`${copy} on primary`)
  const early = await project.run(['recover', '--json'])
  expect(JSON.parse(early.stdout)).toMatchObject({
    copies_removed: [{ name: copy, failure: { sqlstate: '55006' } }],
  })
  await monitor.end()
  const late = await project.run(['recover', '--json'])
  expect(JSON.parse(late.stdout)).toMatchObject({ copies_removed: [{ name: copy, failure: null }] })
})

it('in a server of our own is ended with it, when whoever watches over it was killed as well', async () => {
  const project = await makeProject({ rehearsal: { where: 'sandbox' } })
  project.writeFiles({ 'migrations/0003_sleep.up.sql': 'select pg_sleep(600);\n' })
  const running = project.start(['plan'])
  const noted = join(project.folder, '.lockstep/copies')
  await waitUntil(() => existsSync(noted) && readdirSync(noted).length > 0, 'the copy to be on record', 60)
  const isWatched = () => findProcesses(home.temporaryFolder).filter(one => one.includes('watchdog'))
  await waitUntil(() => isWatched().length > 0, 'the watchdog', 60)
  for (const one of isWatched()) process.kill(Number.parseInt(one, 10), 'SIGKILL')
  await waitUntil(
    () => readdirSync(home.temporaryFolder).some(name => name.startsWith('lockstep-sandbox-')),
    'it',
    60,
  )
  await kill(running)
  const status = await project.run(['status', '--json'])
  const [left] = JSON.parse(status.stdout).leftCopies
  expect(left).toMatchObject({ kind: 'sandbox', server: null })
  expect(dirname(left.name)).toBe(home.temporaryFolder)
  const recovered = await project.run(['recover'])
  expect(recovered.stderr).toContain(`removed ${left.name}, a server of a rehearsal that did not end`)
  await waitUntil(async () => (await home.traces()).length === 0, 'nothing to be left of it')
})

it('of a rollback that was killed before any took its place is removed and named by recover', async () => {
  const project = await makeProject({
    snapshots: { data: 'always', minFreeBytes: 0 },
    rollback: { ways: ['snapshot'] },
  })
  expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
  const args = ['rollback', 'last', '--yes', '--accept-loss', '--reason=a test']
  // Three copies are restored, and no tenant is closed yet.
  const running = project.start(args, { faultPoint: 'hold:before:tenant.restoring:4' })
  await running.held
  const restored = await copies('lockstep_restore%')
  expect(restored).toHaveLength(3)
  await kill(running)
  const recovered = await project.run(['recover'])
  expect(recovered.exitCode, recovered.stderr).toBe(5)
  for (const name of restored) expect(recovered.stderr).toContain(`the copy beside it is removed: ${name}`)
  expect(await copies('lockstep_restore%')).toEqual([])

  // What a run leaves that is killed while it copies.
  const [run = ''] = readdirSync(join(project.folder, '.lockstep/runs')).sort()
  const name = `lockstep_snapshot_${run.toLowerCase()}_unfinished`
  await sandbox.query(`create database ${name} owner migrator`)
  const dump = join(project.folder, '.lockstep/snapshots', run, 'unfinished.dump')
  writeFileSync(dump, 'half')
  const pruned = await project.run(['snapshots', 'prune', '--yes'])
  expect(pruned.stderr).toContain(`removed ${name} on primary, a copy of a tenant that was not finished`)
  expect(pruned.stderr).toContain(`removed ${dump}, a dump of a tenant that was not finished`)
  expect(existsSync(dump)).toBe(false)
  // The copies that the run keeps are still there.
  const kept = await copies()
  expect(kept).toHaveLength(3)
  for (const one of kept) await sandbox.query(`drop database ${one}`)
})
