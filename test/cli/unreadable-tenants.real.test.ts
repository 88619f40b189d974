import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const home = openLockstepHome()
let sandbox: TestSandbox
let close: () => Promise<void> = async () => undefined
let project: SmallProject

/** Owns the readable tenants and is nothing more, on a server as it comes. */
const owner = 'fleet_owner'

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  await sandbox.query(`create role ${owner} login createdb`)
  await sandbox.query('grant pg_monitor to fleet_owner')
})

afterAll(async () => {
  await close()
  await home.close()
})

const tenants = ['fleet_a', 'fleet_b']

beforeEach(async () => {
  for (const { datname } of await sandbox.query(
    "select datname from pg_database where datname like 'fleet_%'",
  )) {
    await sandbox.query(
      `update pg_database set datconnlimit = -1, datistemplate = false where datname = '${datname}'`,
    )
    await sandbox.query(`drop database ${datname} with (force)`)
  }
  project = await makeSmallProject({ home, sandbox, name: 'fleet', tenants: [...tenants, ...unreadable] })
  for (const tenant of [...tenants, ...unreadable])
    await sandbox.query(`alter database ${tenant} owner to ${owner}`)
  project.configure({
    servers: [{ name: 'primary', port: sandbox.primary.port, user: owner }],
    tenants: { databases: 'fleet_*' },
    groups: [{ name: 'all', tenants: ['*'] }],
  })
})

const unreadable = ['fleet_c', 'fleet_d', 'fleet_e', 'fleet_f']

/** A half-dropped database, one without CONNECT, one whose limit the application has reached, and somebody else's version table. */
async function obstruct(): Promise<void> {
  await sandbox.query("update pg_database set datconnlimit = -2 where datname = 'fleet_c'")
  await sandbox.query('alter database fleet_d owner to postgres')
  await sandbox.query('alter database fleet_e connection limit 1')
  await sandbox.connect('fleet_e', sandbox.primary, owner)
  await sandbox.query('create table lockstep_version (revision text, name text, checksum text)', 'fleet_f')
}

const words = [
  'Database fleet_c is invalid.',
  'Database fleet_d does not let our user in.',
  'too many connections for database "fleet_e"',
  'permission denied for table lockstep_version',
]

function expectAll(text: string, wanted: readonly string[] = words): void {
  for (const one of wanted) expect(text).toContain(one)
}

it('names tenants that cannot be read in every verb, hides no other, and runs only without them', async () => {
  await obstruct()
  const status = await project.run(['status'])
  expect(status.exitCode, status.stderr).toBe(0)
  expectAll(status.stdout, ['4 tenants cannot be read: fleet_c, fleet_d, fleet_e, fleet_f', ...words])
  expect(status.stdout).toMatch(/fleet_a +empty/)

  const plan = await project.run(['plan', '--no-rehearse'])
  expect(plan.exitCode, plan.stderr).toBe(0)
  expectAll(plan.stdout, ['fleet_a (empty), fleet_b (empty)', ...words])

  const drift = await project.run(['drift', '--fail'])
  expect(drift.exitCode, drift.stderr).toBe(3)
  expectAll(drift.stdout)

  expectAll((await project.run(['topology'])).stdout, words.slice(0, 2))
  expectAll((await project.run(['doctor'])).stdout, words.slice(0, 3))

  const run = await project.run(['run', '--yes'])
  expect(run.exitCode, run.stderr).toBe(3)
  expectAll(run.stdout + run.stderr, ['4 tenants cannot be read', ...words.slice(0, 2)])
  expect(await project.prepared()).toEqual([])

  const others = await project.run(['run', '--yes', '--tenants', 'fleet_a', 'fleet_b'])
  expect(others.exitCode, others.stdout + others.stderr).toBe(0)
  expect(await versionsOf('fleet_a', 'fleet_b')).toEqual(['0002', '0002'])
})

it('passes over templates and closed databases that a pattern matches, and says so once', async () => {
  await sandbox.query('create database fleet_template is_template true')
  await sandbox.query('create database fleet_closed allow_connections false')
  const topology = await project.run(['topology'])
  expect(topology.stdout).toContain('fleet_closed (closed), fleet_template (template)')
  const plan = await project.run(['plan', '--no-rehearse'])
  expect(plan.stdout.match(/database fleet_template/g)).toHaveLength(1)
  expect(plan.stdout.match(/database fleet_closed/g)).toHaveLength(1)
  const application = await sandbox.connect('fleet_a', sandbox.primary, owner)
  const run = await project.run(['run', '--yes'])
  expect(run.exitCode, run.stdout + run.stderr).toBe(0)
  expect(await versionsOf(...tenants)).toEqual(['0002', '0002'])
  await application.query('select from prices')
  const everybody = 'tenant that takes connections is'
  for (const args of [['report'], ['run', '--yes'], ['status']]) {
    const { stdout, stderr } = await project.run(args)
    expect(stdout + stderr, args.join(' ')).toContain(everybody)
    expect(stdout + stderr, args.join(' ')).toContain('Passed over, as it is closed: fleet_closed.')
    expect(stdout + stderr, args.join(' ')).not.toMatch(/every tenant is (at|there)/i)
    if (args[0] !== 'report') expect(stdout + stderr, args.join(' ')).toContain('fleet_template')
  }
})

it('takes a closed database that a group or --tenants names for a tenant, and begins without it only when told so', async () => {
  await sandbox.query('create database fleet_closed allow_connections false')
  const servers = [{ name: 'primary', port: sandbox.primary.port, user: owner }]
  const pattern = { servers, tenants: { databases: 'fleet_*' } }
  const asked = await project.run(['run', '--yes', '--tenants', 'fleet_a', 'fleet_closed'])
  expect(asked.exitCode, asked.stdout + asked.stderr).toBe(3)
  expect(asked.stdout + asked.stderr).toContain('Database fleet_closed is closed.')
  project.configure({ ...pattern, groups: [{ name: 'canary', tenants: ['fleet_a', 'fleet_closed'] }] })
  const grouped = await project.run(['run', '--yes'])
  expect(grouped.exitCode, grouped.stdout + grouped.stderr).toBe(3)
  expect(grouped.stdout + grouped.stderr).toContain('Database fleet_closed is closed.')
  expect((await project.run(['status'])).stdout).toContain('Database fleet_closed is closed.')
  const others = await project.run(['run', '--yes', '--tenants', 'fleet_a', 'fleet_b'])
  expect(others.exitCode, others.stdout + others.stderr).toBe(0)
  expect(others.stdout + others.stderr).toContain('2 of 6 tenants are there')
})

it('takes a closed database that is named for a tenant, until it is excluded', async () => {
  await sandbox.query('create database fleet_closed allow_connections false')
  const databases = [...tenants, 'fleet_closed']
  const servers = [{ name: 'primary', port: sandbox.primary.port, user: owner }]
  project.configure({ servers, tenants: { databases } })
  const run = await project.run(['run', '--yes'])
  expect(run.exitCode).toBe(3)
  expect(run.stderr + run.stdout).toContain('Database fleet_closed is closed.')
  project.configure({ servers, tenants: { databases, exclude: 'fleet_closed' } })
  const without = await project.run(['run', '--yes'])
  expect(without.exitCode, without.stdout + without.stderr).toBe(0)
})

async function versionsOf(...names: readonly string[]): Promise<readonly unknown[]> {
  const rows = await Promise.all(
    names.map(name => sandbox.query('select max(revision) as revision from lockstep_version', name)),
  )
  return rows.map(([row]) => row?.revision)
}
