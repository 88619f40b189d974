import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { SandboxServer } from '../../electron/adapters/embedded-postgres/start-cluster.ts'
import { openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { waitUntil } from '../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const home = openLockstepHome()
const migrator = 'late_migrator'
const tenants = ['late_a', 'late_b']
let sandbox: TestSandbox
let close: () => Promise<void> = async () => undefined
let first: SandboxServer
let second: SandboxServer
let project: SmallProject

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 2 }))
  ;[first, second] = sandbox.standbys as [SandboxServer, SandboxServer]
  await sandbox.query(`create role ${migrator} login createdb`)
  await sandbox.query(`grant pg_monitor to ${migrator}`)
})

afterAll(async () => {
  await close()
  await home.close()
})

beforeEach(async () => {
  for (const tenant of tenants) await sandbox.query(`drop database if exists ${tenant} with (force)`)
  project = await makeSmallProject({ home, sandbox, name: 'late', tenants })
  for (const tenant of tenants) await sandbox.query(`alter database ${tenant} owner to ${migrator}`)
})

type Settings = Readonly<Record<string, unknown>>

/** The servers of the project file; a standby that is not given is not declared. */
function declare(
  standbys: Readonly<Record<string, Settings>>,
  replicaLag: Settings = {},
  others: Settings = {},
): void {
  const ports = { 'standby-1': first.port, 'standby-2': second.port }
  project.configure({
    servers: [
      { name: 'primary', port: sandbox.primary.port, user: migrator },
      ...Object.entries(standbys).map(([name, settings]) => ({
        name,
        role: 'standby',
        port: ports[name as keyof typeof ports],
        user: migrator,
        ...settings,
      })),
    ],
    gates: { replica_lag: replicaLag },
    ...others,
  })
}

function addressOf({ port }: Pick<SandboxServer, 'port'>): string {
  return `postgresql://${migrator}@127.0.0.1:${port}/postgres`
}

async function changeSetting(server: SandboxServer, name: string, value: string): Promise<void> {
  await sandbox.query(`alter system set ${name} = '${value}'`, 'postgres', server)
  await sandbox.query('select pg_reload_conf()', 'postgres', server)
  await waitUntil(async () => {
    const [row] = await sandbox.query(`select current_setting('${name}') as value`, 'postgres', server)
    return row?.value === value
  }, `${name} on ${server.name}`)
}

/** An application that writes all the while, and every row that was acknowledged. */
async function writeMeanwhile(work: () => Promise<void>): Promise<void> {
  await sandbox.query('create table if not exists log (id serial primary key)', 'late_a')
  const client: pg.Client = await sandbox.connect('late_a')
  const until = { isOver: false }
  const writing = (async () => {
    let count = 0
    while (!until.isOver) {
      await client.query('insert into log default values')
      count += 1
    }
    return count
  })()
  try {
    await work()
  } finally {
    until.isOver = true
    const acknowledged = await writing
    const [row] = await sandbox.query('select count(*)::int as rows from log', 'late_a')
    expect(row?.rows).toBe(acknowledged)
  }
}

it('names a standby that streams and is not declared, and stops for it where that is asked', async () => {
  declare({ 'standby-1': {} })
  const words = 'a standby streams from it that is not declared: standby-2'
  for (const verb of [['topology'], ['doctor'], ['plan', '--no-rehearse']])
    expect((await project.run(verb)).stdout).toContain(words)
  declare({ 'standby-1': {} }, { undeclared: 'fail' })
  const stopped = await project.run(['run', '--yes'])
  expect(stopped.exitCode).toBe(3)
  expect(stopped.stderr).toContain(words)
  declare({ 'standby-1': {} }, { undeclared: 'fail', accept: ['standby-2'] })
  const accepted = await project.run(['run', '--yes'])
  expect(accepted.exitCode, accepted.stderr).toBe(0)
})

it('finds a delayed standby before the run, and judges a declared one by what it promises', async () => {
  await changeSetting(first, 'recovery_min_apply_delay', '1h')
  try {
    await writeMeanwhile(async () => {
      declare({ 'standby-1': {}, 'standby-2': {} }, { requireStandbys: false })
      const stopped = await project.run(['run', '--yes'])
      expect(stopped.exitCode, stopped.stderr).toBe(3)
      expect(stopped.stderr).toContain('standby-1: applies WAL 1 h 0 min late by its own setting')
      expect(stopped.stderr).toContain('replay: delayed')

      declare({ 'standby-1': { replay: 'delayed' }, 'standby-2': {} })
      expect((await project.run(['topology'])).stdout).toContain('1 h 0 min late, as declared')
      expect((await project.run(['plan', '--no-rehearse'])).stdout).toContain(
        'standby standby-1 is late on purpose',
      )
      const run = await project.run(['run', '--yes', '--json'])
      expect(run.exitCode, run.stderr).toBe(0)
      expect(run.stderr).toContain('standby-1 has received group')
      const { replicas } = JSON.parse(run.stdout)
      expect(replicas).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ server: 'standby-1', replay: 'delayed', caught_up: null }),
          expect.objectContaining({ server: 'standby-2', caught_up: true, schemas_equal: 2 }),
        ]),
      )
    })
    expect(await project.readTenants()).toEqual({ late_a: '0002 with prices', late_b: '0002 with prices' })
  } finally {
    await changeSetting(first, 'recovery_min_apply_delay', '0')
  }
})

it('stops for an undeclared delay that one group could wait for, before the votes of the others would', async () => {
  const groups = ['late_a', 'late_b'].map(tenant => ({ name: `only_${tenant}`, tenants: [tenant] }))
  declare({ 'standby-1': {} }, {}, { groups })
  try {
    await writeMeanwhile(async () => {
      const planned = await project.run(['plan', '--no-rehearse'])
      expect(planned.exitCode, planned.stderr).toBe(0)
      await changeSetting(first, 'recovery_min_apply_delay', '25s')
      const stopped = await project.run(['run', '--yes'])
      expect(stopped.exitCode, stopped.stderr).toBe(3)
      expect(stopped.stderr).toContain(
        'a run would wait so long for it after each group, and the last of 2 groups would hold its locks for 25.0 s',
      )
      expect(stopped.stderr).toContain('In lockstep.yml, add to the server standby-1: replay: delayed.')
      expect(await project.readTenants()).toEqual({ late_a: 'empty', late_b: 'empty' })
      expect((await project.run(['doctor'])).stdout).toContain('standby-1: replay: delayed')

      const alone = groups.map(group => ({ ...group, mode: 'independent' }))
      declare({ 'standby-1': {} }, {}, { groups: alone })
      const slow = await project.run(['run', '--yes'])
      expect(slow.exitCode, slow.stderr).toBe(3)
      expect(slow.stderr).toContain('after each group, 50.0 s in all')

      declare({ 'standby-1': { replay: 'delayed' } }, {}, { groups })
      const run = await project.run(['run', '--yes'])
      expect(run.exitCode, run.stderr).toBe(0)
    })
    const args = ['--primary', addressOf(sandbox.primary), '--standby', addressOf(first), '--force']
    args.push('--tenants', 'late_*')
    expect((await project.run(['init', ...args])).exitCode).toBe(0)
    const { servers } = parse(readFileSync(join(project.folder, 'lockstep.yml'), 'utf8'))
    expect(servers[1]).toMatchObject({ role: 'standby', replay: 'delayed' })
  } finally {
    await changeSetting(first, 'recovery_min_apply_delay', '0')
  }
})

it('waits for a delay of a second, and says so', async () => {
  await changeSetting(first, 'recovery_min_apply_delay', '1s')
  try {
    declare({ 'standby-1': {} })
    const run = await project.run(['run', '--yes', '--json'])
    expect(run.exitCode, run.stderr).toBe(0)
    const [standby] = JSON.parse(run.stdout).replicas
    expect(standby).toMatchObject({ server: 'standby-1', caught_up: true })
    expect(run.stdout).toContain('each group waits 1.0 s for its delay')
  } finally {
    await changeSetting(first, 'recovery_min_apply_delay', '0')
  }
})

it('finds a standby that lives on an archive before the run, and does not wait for a declared one', async () => {
  await changeSetting(second, 'restore_command', `cp "${sandbox.primary.dataFolder}/pg_wal/%f" "%p"`)
  await changeSetting(second, 'primary_conninfo', '')
  await second.stop()
  await second.start()
  declare({ 'standby-1': {}, 'standby-2': {} })
  const stopped = await project.run(['run', '--yes'])
  expect(stopped.exitCode, stopped.stderr).toBe(3)
  expect(stopped.stderr).toContain('replay: archive')

  declare({ 'standby-1': {}, 'standby-2': { replay: 'archive' } })
  const run = await project.run(['run', '--yes'])
  expect(run.exitCode, run.stderr).toBe(0)
  expect(run.stdout + run.stderr).toContain('from an archive, not waited for: standby-2')
})

it('writes what a standby promises into a first project file', async () => {
  const args = ['--primary', addressOf(sandbox.primary), '--standby', addressOf(second), '--force']
  args.push('--tenants', 'late_*')
  const { exitCode, stdout, stderr } = await project.run(['init', ...args])
  expect(exitCode, stderr).toBe(0)
  expect(stdout).toContain('standby-1')
  const { servers } = parse(readFileSync(join(project.folder, 'lockstep.yml'), 'utf8'))
  expect(servers[1]).toMatchObject({ role: 'standby', replay: 'archive' })
})
