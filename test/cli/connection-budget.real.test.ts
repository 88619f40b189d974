import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { revision, stockEnvironment } from '../adapters/alembic/support/alembic-project.ts'
import { needs } from '../support/needs.ts'
import { pythonEnvironment } from '../support/python-environment.ts'
import { type LockstepResult, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { waitUntil } from '../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const home = openLockstepHome()
const owner = 'many_owner'
const tenants = Array.from({ length: 24 }, (_, index) => `many_${String(index).padStart(2, '0')}`)
const budget = 6
let sandbox: TestSandbox
let close: () => Promise<void>
let project: SmallProject

beforeAll(async () => {
  // Default settings, but that votes can be prepared at all.
  ;({ sandbox, close } = await openSandbox({ standbys: 1, maxPreparedTransactions: tenants.length }))
  await sandbox.query(`create role ${owner} login createdb; grant pg_monitor to ${owner}`)
  project = await makeSmallProject({ home, sandbox, name: 'many', tenants })
  for (const tenant of tenants) {
    await sandbox.query(`alter database ${tenant} owner to ${owner}`)
    await sandbox.query(
      'create table orders (id bigserial primary key, at timestamptz default now())',
      tenant,
    )
    await sandbox.query(`alter table orders owner to ${owner}`, tenant)
  }
  configure({})
})
afterAll(async () => {
  await close()
  await home.close()
})

function configure(changes: Readonly<Record<string, unknown>>): void {
  const [standby] = sandbox.standbys
  project.configure({
    servers: [
      { name: 'primary', port: sandbox.primary.port, user: owner },
      { name: 'standby-1', role: 'standby', port: standby?.port, user: owner },
    ],
    gates: {},
    execution: { settleSeconds: 5, connectionsPerServer: budget },
    ...changes,
  })
}

/** Most sessions of the role at once, on each server, while an application writes. */
async function countConnections(
  work: () => Promise<LockstepResult>,
): Promise<{ readonly result: LockstepResult; readonly most: readonly number[]; readonly written: number }> {
  const servers = [sandbox.primary, ...sandbox.standbys]
  const watchers = await Promise.all(servers.map(server => sandbox.connect('postgres', server)))
  const application = await sandbox.connect(tenants[0])
  const most = servers.map(() => 0)
  let written = 0
  let isOver = false
  const watch = async (index: number): Promise<void> => {
    while (!isOver) {
      const answer = await watchers[index]?.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity where usename = '${owner}'`,
      )
      most[index] = Math.max(most[index] ?? 0, answer?.rows[0]?.count ?? 0)
    }
  }
  const write = async (): Promise<void> => {
    while (!isOver) {
      await application.query('insert into orders default values')
      written += 1
    }
  }
  const watching = Promise.all([write(), ...servers.map((_, index) => watch(index))])
  const result = await work().finally(() => {
    isOver = true
  })
  await watching
  await Promise.all([application, ...watchers].map(client => client.end()))
  return { result, most, written }
}

it('never has more connections than it may, however many tenants vote', async () => {
  const { result, most, written } = await countConnections(() => project.run(['run', '--yes']))
  expect(result.exitCode, result.stderr).toBe(0)
  expect(Object.values(await project.readTenants())).toEqual(tenants.map(() => '0002 with prices'))
  expect(Math.max(...most)).toBeLessThanOrEqual(budget)
  // The run lock, and one that works: a count of less would mean that nothing was seen.
  expect(most[0]).toBeGreaterThanOrEqual(2)
  expect(written).toBeGreaterThan(0)
})

it('keeps to it when a vote says no, and leaves nothing behind', async () => {
  project.writeFiles({
    'migrations/0003_more.up.sql': `do $$ begin
      if current_database() = '${tenants.at(-1)}' then raise exception 'not here'; end if; end $$;
      create table more (id integer);`,
  })
  const { result, most } = await countConnections(() => project.run(['run', '--yes']))
  expect(result.exitCode, result.stderr).toBe(5)
  expect(Math.max(...most)).toBeLessThanOrEqual(budget)
  expect(await project.prepared()).toEqual([])
})

it('keeps to it while it recovers from a kill in the middle of a vote', async () => {
  project.writeFiles({ 'migrations/0003_more.up.sql': 'create table more (id integer);' })
  const killed = project.start(['run', '--yes'], { faultPoint: `kill:after:tenant.voted:${tenants.length}` })
  await killed.ended
  expect((await project.prepared()).length).toBe(tenants.length)
  const { result, most } = await countConnections(() => project.run(['recover']))
  expect(result.stderr + result.stdout).not.toContain('too many connections')
  expect(Math.max(...most)).toBeLessThanOrEqual(budget)
  expect(most[0]).toBeGreaterThanOrEqual(2)
  expect(await project.prepared()).toEqual([])
})

it('does with the three that the role may have, whatever the settings say', async () => {
  configure({ execution: { settleSeconds: 5 } })
  await sandbox.query(`alter role ${owner} connection limit 3`)
  project.writeFiles({ 'migrations/0004_last.up.sql': 'create table last (id integer);' })
  const { result, most } = await countConnections(() => project.run(['run', '--yes']))
  await sandbox.query(`alter role ${owner} connection limit -1`)
  expect(result.exitCode, result.stderr).toBe(0)
  expect(Object.values(await project.readTenants())).toEqual(tenants.map(() => '0004 with prices'))
  expect(Math.max(...most)).toBeLessThanOrEqual(3)
  configure({})
})

it('leaves the application its connections: takes only what is to spare', async () => {
  configure({ execution: { settleSeconds: 5 } })
  const reserved = 3
  const spare = 3
  const ours = 4
  // The watchers of this test and its writer are connections of others too.
  const filling = 100 - reserved - spare - ours - 2
  const application = await Promise.all(Array.from({ length: filling }, () => sandbox.connect(tenants[0])))
  project.writeFiles({ 'migrations/0005_full.up.sql': 'create table full_house (id integer);' })
  const { result, most } = await countConnections(() => project.run(['run', '--yes']))
  await Promise.all(application.map(client => client.end()))
  expect(result.exitCode, result.stderr).toBe(0)
  expect(most[0]).toBeLessThanOrEqual(ours)
  configure({})
})

it('says who is not finished where the application holds every connection, and finishes them when it may', async () => {
  configure({ execution: { settleSeconds: 4 } })
  project.writeFiles({ 'migrations/0007_late.up.sql': 'create table late (id integer);' })
  const running = project.start(['run', '--yes'], { faultPoint: 'hold:after:group.decided:1' })
  await running.held
  // Takes whatever becomes free, also what the run gives back.
  const application: pg.Client[] = []
  let isOver = false
  const take = async (): Promise<boolean> => {
    const client = await sandbox.connect(tenants[0]).catch(() => null)
    if (client) application.push(client)
    return client !== null
  }
  await waitUntil(async () => !(await take()), 'every connection to be taken')
  const taking = (async () => {
    while (!isOver) await take()
  })()
  running.resume()
  const { exitCode, stderr } = await running.ended
  isOver = true
  await taking
  expect(exitCode, stderr).toBe(6)
  expect(stderr).toContain('lockstep recover')
  expect((await application[0]?.query('select gid from pg_prepared_xacts'))?.rowCount).toBe(tenants.length)
  await Promise.all(application.map(client => client.end()))
  const recovered = await project.run(['recover'])
  expect(recovered.exitCode, recovered.stderr).toBe(0)
  expect(await project.prepared()).toEqual([])
  const late = await sandbox.query("select to_regclass('late') is not null as made", tenants.at(-1))
  expect(late).toEqual([{ made: true }])
  configure({})
})

needs('python')('counts the connections of Alembic too', async () => {
  const items = "op.create_table('things', sa.Column('id', sa.Integer, primary_key=True))"
  project.writeFiles({
    'alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = driver://\n',
    'alembic/env.py': stockEnvironment.replace('fileConfig(config.config_file_name)', 'pass'),
    'alembic/versions/r1.py': revision('r1', null, items),
  })
  configure({
    migrations: { alembic: { config: 'alembic.ini', python: await pythonEnvironment() } },
  })
  const { result, most } = await countConnections(() => project.run(['run', '--yes']))
  expect(result.exitCode, result.stderr).toBe(0)
  expect(Math.max(...most)).toBeLessThanOrEqual(budget)
})
