import { afterAll, beforeAll, expect } from 'vitest'
import { findProcesses } from '../../support/find-traces.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { type AlembicBench, openBench, tenantOf } from './support/alembic-bench.ts'
import { revision, threeRevisions } from './support/alembic-project.ts'

const test = needs('python', 'oldest python')
const signal = new AbortController().signal
let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
})
afterAll(() => bench?.close())

const sessions = (database: string) =>
  bench.sandbox.query(
    `select pid, state from pg_stat_activity where datname = '${database}' and pid <> pg_backend_pid()`,
  )

const slow = {
  'a.py': revision('a', null, `op.create_table('t', sa.Column('n', sa.Integer))`),
  'b.py': revision('b', 'a', `print("now waiting")\nop.execute("select pg_sleep(600)")`),
}

/** Starts a migration that hangs in its second revision, and gives it once it hangs. */
async function hang(database: string, abort = new AbortController()) {
  await bench.sandbox.query(`create database ${database}`)
  const project = await bench.project({ revisions: slow })
  const migration = project.migrate(database, { gid: `lockstep:${database}`, signal: abort.signal })
  await waitUntil(async () => {
    const found = await bench.sandbox.query(
      `select from pg_stat_activity where datname = '${database}' and query like '%pg_sleep(600)%' and state = 'active'`,
    )
    return found.length > 0
  }, 'the migration to hang')
  return { project, migration, abort }
}

test('answers for a worker that is killed in the middle, and goes on with another', async () => {
  const { project, migration } = await hang('killed')
  const [runner] = findProcesses(project.project.folder).filter(line => line.includes('lockstep_runner'))
  process.kill(Number(runner?.split(':')[0]), 'SIGKILL')
  const { result, revisions } = await migration
  expect(revisions).toEqual(['a'])
  expect(result).toEqual({
    status: 'rolled_back',
    failure: { kind: 'worker_died', tenant: 'killed', detail: expect.stringContaining('now waiting') },
  })
  await bench.sandbox.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'killed'")
  expect(await project.source.readHeads(tenantOf('killed'), signal)).toEqual([])
  await project.close()
})

test('answers a cancel from elsewhere as cancelled, and the worker stays usable', async () => {
  const { project, migration, abort } = await hang('stopped')
  abort.abort()
  await bench.sandbox.query(
    "select pg_cancel_backend(pid) from pg_stat_activity where datname = 'stopped' and state = 'active'",
  )
  const { result } = await migration
  expect(result).toEqual({ status: 'rolled_back', failure: { kind: 'cancelled', reason: 'asked to stop' } })
  expect(await bench.sandbox.query('select gid from pg_prepared_xacts')).toEqual([])
  const steps = (await project.source.planSteps([], ['a'], signal)).slice(0, 1)
  expect((await project.migrate('stopped', { steps })).result.status).toBe('finished')
  await project.close()
})

test('reports a cancel that nobody asked us for with its SQLSTATE, and a lost connection as lost', async () => {
  const cancelled = await hang('cancelled')
  await bench.sandbox.query(
    "select pg_cancel_backend(pid) from pg_stat_activity where datname = 'cancelled' and state = 'active'",
  )
  expect((await cancelled.migration).result).toMatchObject({
    status: 'rolled_back',
    failure: { kind: 'migration_failed', revision: 'b', sqlstate: '57014', line: 12 },
  })
  await cancelled.project.close()
  const lost = await hang('lost')
  await bench.sandbox.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'lost' and state = 'active'",
  )
  const { result } = await lost.migration
  expect(result.status).toBe('rolled_back')
  expect(result).toMatchObject({ failure: { kind: 'connection_lost', server: 'primary' } })
  await lost.project.close()
})

test('gives a lock that cannot be had within its limit as 55P03, which may be tried again', async () => {
  await bench.sandbox.query('create database locked')
  const project = await bench.project({ revisions: threeRevisions })
  await project.migrate('locked', { target: ['r1'] })
  const client = await bench.sandbox.connect('locked')
  await client.query('begin; lock table users')
  const busy = await project.migrate('locked', { from: ['r1'], lockTimeoutMs: 100 })
  expect(busy.result).toMatchObject({ status: 'rolled_back', failure: { revision: 'r2', sqlstate: '55P03' } })
  await client.query('rollback; begin; lock table alembic_version in row exclusive mode')
  const version = await project.migrate('locked', { from: ['r1'], lockTimeoutMs: 100 })
  expect(version.result).toMatchObject({
    status: 'rolled_back',
    failure: { revision: 'r2', sqlstate: '55P03' },
  })
  await client.end()
  expect((await project.migrate('locked', { from: ['r1'] })).result.status).toBe('finished')
  await project.close()
})

test('ends its processes when it is closed, those at work too, and the server rolls back', async () => {
  const { project, migration } = await hang('closed')
  const { folder } = project.project
  expect(findProcesses(folder)).toHaveLength(1)
  await project.source.close()
  expect((await migration).result).toMatchObject({ status: 'rolled_back', failure: { kind: 'worker_died' } })
  expect(findProcesses(folder)).toEqual([])
  await bench.sandbox.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'closed'")
  await waitUntil(async () => (await sessions('closed')).length === 0, 'the session to end')
  await project.close()
})

test('does not know how a vote ended when the worker died after it was told to finish', async () => {
  await bench.sandbox.query('create database unsure')
  const project = await bench.project({ revisions: threeRevisions })
  let xid: string | null = null
  const { result } = await project.migrate('unsure', {
    gid: 'lockstep:unsure',
    observer: {
      async readyToVote(inspection) {
        expect(inspection).toBeNull()
        const [runner] = findProcesses(project.project.folder)
        process.kill(Number(runner?.split(':')[0]), 'SIGKILL')
        return 'finish'
      },
      async started(facts) {
        xid = facts.xid
      },
    },
  })
  expect(result).toMatchObject({ status: 'unknown', xid, failure: { kind: 'worker_died' } })
  expect(await bench.sandbox.query('select gid from pg_prepared_xacts')).toEqual([])
  await project.close()
})

test('leaves no session behind, also where env.py keeps its engine and never closes it', async () => {
  await bench.sandbox.query('create database left_open')
  const project = await bench.project({
    revisions: threeRevisions,
    environment: `from alembic import context
import sqlalchemy, sys
sys.kept = connection = sqlalchemy.create_engine(context.config.get_main_option("sqlalchemy.url")).connect()
context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
`,
  })
  expect(await project.source.readHeads(tenantOf('left_open'), signal)).toEqual([])
  expect((await project.migrate('left_open', { gid: 'lockstep:open' })).result.status).toBe('finished')
  await waitUntil(async () => (await sessions('left_open')).length === 0, 'every session to end')
  await bench.sandbox.query("rollback prepared 'lockstep:open'", 'left_open')
  await project.close()
})

test('prepares twenty tenants of three revisions with two warm workers', async () => {
  const databases = Array.from({ length: 20 }, (_, number) => `fleet_${number}`)
  for (const database of databases) await bench.sandbox.query(`create database ${database}`)
  const project = await bench.project({ revisions: threeRevisions }, { workers: 2 })
  const steps = await project.source.planSteps([], ['heads'], signal)
  await Promise.all(['fleet_0', 'fleet_1'].map(name => project.source.readHeads(tenantOf(name), signal)))
  const startedAt = performance.now()
  const results = await Promise.all(
    databases.map(database => project.migrate(database, { steps, gid: `lockstep:${database}` })),
  )
  const each = (performance.now() - startedAt) / databases.length
  process.stderr.write(`alembic: ${each.toFixed(1)} ms a tenant (20 tenants, 3 revisions, 2 workers)\n`)
  expect(results.map(({ result }) => result.status)).toEqual(databases.map(() => 'finished'))
  expect(await bench.sandbox.query('select gid from pg_prepared_xacts')).toHaveLength(20)
  for (const database of databases)
    await bench.sandbox.query(`rollback prepared 'lockstep:${database}'`, database)
  await project.close()
})

test('works with the oldest versions that are promised: Alembic 1.8.1, SQLAlchemy 1.4, psycopg2', async () => {
  await bench.sandbox.query('create database "oldest ? %41 ü"')
  const project = await bench.project(
    { revisions: threeRevisions },
    { interpreter: await pythonEnvironment('oldest') },
  )
  const database = 'oldest ? %41 ü'
  const tenant = tenantOf(database)
  const graph = await project.source.describe(signal)
  expect(graph.origin.interpreter?.versions).toMatchObject({ alembic: '1.8.1', sqlalchemy: '1.4.54' })
  expect(await project.source.readHeads(tenant, signal)).toEqual([])
  const { result, statements } = await project.migrate(database, { gid: 'lockstep:oldest' })
  expect(result.status).toBe('finished')
  expect(statements).toHaveLength(9)
  await bench.sandbox.query("commit prepared 'lockstep:oldest'", database)
  expect(await bench.sandbox.query('select email, extra from users order by id', database)).toEqual([
    { email: 'a\tb 100%', extra: { n: 1 } },
    { email: 'c', extra: { n: 2 } },
    { email: '50% \t off', extra: { n: 3 } },
  ])
  expect(await project.source.readHeads(tenant, signal)).toEqual(['r3'])
  await project.close()
})
