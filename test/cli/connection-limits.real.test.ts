import type pg from 'pg'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { revision, stockEnvironment } from '../adapters/alembic/support/alembic-project.ts'
import { needs } from '../support/needs.ts'
import { serverOf } from '../support/postgres-versions.ts'
import { pythonEnvironment } from '../support/python-environment.ts'
import { openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'

const home = openLockstepHome()
const serverLent = serverOf('18')
const tenants = ['room_a', 'room_b', 'room_c', 'room_d']
/** Owns the tenants and is no superuser: limits do not hold for those. */
const owner = 'room_owner'
let project: SmallProject
let clients: pg.Client[] = []

afterAll(() => home.close())

beforeEach(async () => {
  const sandbox = serverLent()
  await sandbox.query(
    `do $$ begin create role ${owner} login createdb; exception when duplicate_object then end $$`,
  )
  await sandbox.query(`grant pg_monitor to ${owner}`)
  for (const tenant of tenants) await sandbox.query(`drop database if exists ${tenant} with (force)`)
  project = await makeSmallProject({ home, sandbox, name: 'room', tenants })
  for (const tenant of tenants) await sandbox.query(`alter database ${tenant} owner to ${owner}`)
  configure()
})

afterEach(async () => {
  for (const client of clients) await client.end()
  clients = []
  await serverLent().query(`alter role ${owner} connection limit -1`)
})

function configure(changes: Readonly<Record<string, unknown>> = {}): void {
  project.configure({
    servers: [{ name: 'primary', port: serverLent().primary.port, user: owner }],
    ...changes,
  })
}

async function connect(database: string, user?: string): Promise<pg.Client> {
  const sandbox = serverLent()
  const client = await sandbox.connect(database, sandbox.primary, user)
  clients.push(client)
  return client
}

it('needs the one connection that a limit leaves beside the application, and finds a lower one before the run', async () => {
  const application = await connect('room_a')
  await application.query('create table writes (id serial primary key)')
  await serverLent().query('alter database room_a connection limit 1')
  const stopped = await project.run(['run', '--yes'])
  expect(stopped.exitCode, stopped.stderr).toBe(3)
  expect(stopped.stderr).toContain('too many connections for database "room_a"')
  expect(stopped.stderr).toContain('alter database room_a connection limit -1')
  await serverLent().query('alter database room_a connection limit 2')
  const writing = { isOver: false, rows: 0 }
  const work = (async () => {
    while (!writing.isOver) {
      await application.query('insert into writes default values')
      writing.rows += 1
    }
  })()
  const run = await project.run(['run', '--yes'])
  writing.isOver = true
  await work
  expect(run.exitCode, run.stderr).toBe(0)
  expect((await application.query('select count(*)::int as rows from writes')).rows).toEqual([
    { rows: writing.rows },
  ])
})

it('works with as few connections as the limit of the role leaves, and says below how many it cannot', async () => {
  await serverLent().query(`alter role ${owner} connection limit 2`)
  for (const verb of ['status', 'plan', 'topology', 'drift']) {
    const { exitCode, stdout, stderr } = await project.run([verb])
    expect(exitCode, stderr).toBe(0)
    expect(stdout + stderr).not.toContain('too many connections')
  }
  const words = `the role ${owner} has a limit of 2 connections, 0 in use by others and at least 3 needed`
  expect((await project.run(['doctor'])).stdout).toContain(words)
  const stopped = await project.run(['run', '--yes'])
  expect(stopped.exitCode, stopped.stderr).toBe(3)
  expect(stopped.stderr).toContain(words)
  expect(stopped.stderr).toContain(`alter role ${owner} connection limit 7;`)
  await serverLent().query(`alter role ${owner} connection limit 3`)
  expect((await project.run(['doctor'])).stdout).not.toContain('has a limit of')
  const run = await project.run(['run', '--yes'])
  expect(run.exitCode, run.stderr).toBe(0)
  expect(run.stderr).not.toContain('too many connections')
})

it('blames no tenant where others fill the limit of the role, and names the role', async () => {
  await serverLent().query(`alter role ${owner} connection limit 1`)
  await connect('room_b', owner)
  for (const args of [['status'], ['plan'], ['run', '--yes']]) {
    const { exitCode, stdout, stderr } = await project.run(args)
    expect(exitCode, stdout + stderr).toBe(3)
    expect(stdout + stderr).toContain(`alter role ${owner} connection limit -1;`)
    expect(stdout + stderr).not.toContain('cannot be read')
  }
})

it('is done with one connection to a tenant, together or each alone', async () => {
  await serverLent().query('alter database room_a connection limit 1')
  const together = await project.run(['run', '--yes'])
  expect(together.exitCode, together.stderr).toBe(0)
  expect(together.stderr).not.toContain('too many connections')
  expect(await project.prepared()).toEqual([])

  project.writeFiles({ 'migrations/0003_more.up.sql': 'create table more (id integer)' })
  configure({ groups: [{ name: 'all', tenants: ['*'], mode: 'independent' }] })
  const alone = await project.run(['run', '--yes'])
  expect(alone.exitCode, alone.stderr).toBe(0)
})

needs('python')(
  'gives the connections of Alembic the same room, and the same words where there is none',
  async () => {
    const items = "op.create_table('items', sa.Column('id', sa.Integer, primary_key=True))"
    project.writeFiles({
      'alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = driver://\n',
      'alembic/env.py': stockEnvironment.replace('fileConfig(config.config_file_name)', 'pass'),
      'alembic/versions/r1.py': revision('r1', null, items),
    })
    const migrations = { alembic: { config: 'alembic.ini', python: await pythonEnvironment() } }
    configure({ migrations })
    await serverLent().query('alter database room_a connection limit 1')
    expect((await project.run(['status'])).exitCode).toBe(0)
    await serverLent().query(`alter role ${owner} connection limit 3`)
    const run = await project.run(['run', '--yes'])
    expect(run.exitCode, run.stderr).toBe(0)
  },
)
