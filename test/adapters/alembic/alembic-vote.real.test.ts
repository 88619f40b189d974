import { afterAll, beforeAll, expect } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { openTcpProxy } from '../../support/tcp-proxy.ts'
import { type AlembicBench, openBench, tenantOf } from './support/alembic-bench.ts'
import { revision, threeRevisions } from './support/alembic-project.ts'

const test = needs('python')

const signal = new AbortController().signal
let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
})
afterAll(() => bench?.close())

const prepared = () => bench.sandbox.query('select gid from pg_prepared_xacts order by gid')

test('prepares an unmodified project, and nothing is visible until it is committed from elsewhere', async () => {
  await bench.sandbox.query('create database votes')
  const project = await bench.project(
    { revisions: threeRevisions },
    {
      inspection: {
        statements: [
          { name: 'path', sql: "set local search_path = ''" },
          { name: 'tables', sql: "select relname from pg_class where relname = 'users'" },
        ],
        parse: rows => ({
          fingerprint: String(rows.tables?.[0]?.relname),
          invalidIndexes: [],
          unvalidatedConstraints: [],
        }),
      },
    },
  )
  expect(await project.source.readHeads(tenantOf('votes'), signal)).toEqual([])
  const migrated = await project.migrate('votes', { gid: "lockstep:run:'all':votes" })
  expect(migrated.result).toMatchObject({ status: 'finished', xid: migrated.inspection?.xid })
  expect(migrated.revisions).toEqual(['r1', 'r2', 'r3'])
  expect(migrated.inspection).toMatchObject({ fingerprint: 'users', heads: ['r3'] })
  expect(await prepared()).toEqual([{ gid: "lockstep:run:'all':votes" }])
  expect(await bench.sandbox.query("select to_regclass('users') as found", 'votes')).toEqual([
    { found: null },
  ])
  const locks = await bench.sandbox.query(
    "select count(*)::int as n from pg_locks l join pg_database d on d.oid = l.database where datname = 'votes' and pid is null",
  )
  expect(locks[0]?.n).toBeGreaterThan(0)
  await bench.sandbox.query("commit prepared 'lockstep:run:''all'':votes'", 'votes')
  expect(await bench.sandbox.query('select email, extra from users order by id', 'votes')).toEqual([
    { email: 'a\tb 100%', extra: { n: 1 } },
    { email: 'c', extra: { n: 2 } },
    { email: '50% \t off', extra: { n: 3 } },
  ])
  expect(await project.source.readHeads(tenantOf('votes'), signal)).toEqual(['r3'])
  await project.close()
})

test('reports the statements of each revision, and neither its own nor those of the version table', async () => {
  await bench.sandbox.query('create database statements')
  const project = await bench.project({ revisions: threeRevisions })
  const { statements, result } = await project.migrate('statements')
  expect(result.status).toBe('finished')
  expect(statements.map(({ revision: id, index }) => `${id}.${index}`)).toEqual([
    'r1.0',
    'r1.1',
    'r1.2',
    'r2.0',
    'r2.1',
    'r2.2',
    'r2.3',
    'r2.4',
    'r3.0',
  ])
  expect(statements[2]).toMatchObject({ sql: "insert into users values (3, '50% \t off')", rowCount: 1 })
  expect(statements.map(({ sql }) => sql).join('\n')).not.toMatch(
    /alembic_version|pg_current_xact|lock table/,
  )
  expect(await bench.sandbox.query('select version_num from alembic_version', 'statements')).toEqual([
    { version_num: 'r3' },
  ])
  await project.close()
})

test('answers a duplicate row with constraint, detail, file and line, and leaves nothing prepared', async () => {
  await bench.sandbox.query('create database duplicates')
  const project = await bench.project({ revisions: threeRevisions })
  await project.migrate('duplicates', { target: ['r2'] })
  await bench.sandbox.query("insert into users values (9, 'c')", 'duplicates')
  const { result } = await project.migrate('duplicates', { from: ['r2'], gid: 'lockstep:duplicates' })
  expect(result).toMatchObject({
    status: 'rolled_back',
    failure: {
      kind: 'migration_failed',
      tenant: 'duplicates',
      revision: 'r3',
      sqlstate: '23505',
      constraint: 'uq_email',
      detail: 'Key (email)=(c) is duplicated.',
      file: 'migrations/versions/r3.py',
      line: 11,
      statement: expect.stringContaining('ADD CONSTRAINT uq_email'),
    },
  })
  expect(await prepared()).toEqual([])
  await project.close()
})

test('rolls back when the engine votes no, and the runner stays usable', async () => {
  await bench.sandbox.query('create database refusals')
  const project = await bench.project({ revisions: threeRevisions })
  const refused = await project.migrate('refusals', {
    gid: 'lockstep:refusals',
    observer: { readyToVote: async () => 'rollback' },
  })
  expect(refused.result).toMatchObject({ status: 'rolled_back', failure: { kind: 'cancelled' } })
  const thrown = await project.migrate('refusals', {
    gid: 'lockstep:refusals',
    observer: { readyToVote: () => Promise.reject(new Error('the log is full')) },
  })
  expect(thrown.result).toMatchObject({ status: 'rolled_back', failure: { message: 'the log is full' } })
  expect(await prepared()).toEqual([])
  expect((await project.migrate('refusals')).result.status).toBe('finished')
  await project.close()
})

test.each([
  ['a commit of its own', `op.execute("COMMIT")`, 'COMMIT'],
  ['a hidden one', `op.execute("insert into t values (1); commit; select 1")`, 'insert into t'],
  [
    'autocommit_block()',
    `with op.get_context().autocommit_block():\n    op.execute("select 1")`,
    'autocommit_block()',
  ],
  ['a commit through the connection', `op.get_bind().commit()`, 'a commit inside the revision'],
  ['a swallowed refusal', `try:\n    op.execute("COMMIT")\nexcept Exception:\n    pass`, 'COMMIT'],
  [
    'an index built concurrently',
    `op.create_index('t_n', 't', ['n'], postgresql_concurrently=True)`,
    'CREATE INDEX CONCURRENTLY',
  ],
])('refuses %s in a transaction, and nothing stays', async (name, body, statement) => {
  const database = `escape ${name}`
  await bench.sandbox.query(`create database "${database}"`)
  const project = await bench.project({
    revisions: {
      'a.py': revision('a', null, `op.create_table('t', sa.Column('n', sa.Integer))`),
      'b.py': revision('b', 'a', `op.execute("insert into t values (7)")\n${body}`),
    },
  })
  const { result } = await project.migrate(database, { gid: 'lockstep:escape' })
  expect(result).toMatchObject({
    status: 'rolled_back',
    failure: { kind: 'not_transactional', revision: 'b', statement: expect.stringContaining(statement) },
  })
  expect(await prepared()).toEqual([])
  expect(await bench.sandbox.query("select to_regclass('t') as found", database)).toEqual([{ found: null }])
  await project.close()
})

test('notices a commit past SQLAlchemy by the transaction id, and does not claim that nothing stays', async () => {
  await bench.sandbox.query('create database behind')
  const project = await bench.project({
    revisions: {
      'a.py': revision(
        'a',
        null,
        `op.create_table('t', sa.Column('n', sa.Integer))\nop.get_bind().connection.commit()`,
      ),
    },
  })
  const { result } = await project.migrate('behind', { gid: 'lockstep:behind' })
  expect(result).toMatchObject({
    status: 'unknown',
    xid: expect.stringMatching(/^\d+$/),
    failure: { kind: 'committed_behind_our_back' },
  })
  const xid = result.status === 'unknown' ? result.xid : null
  expect(await bench.sandbox.query(`select pg_xact_status('${xid}'::xid8) as fate`)).toEqual([
    { fate: 'committed' },
  ])
  await project.close()
})

test('runs steps that cannot be transactional one by one, each committed', async () => {
  await bench.sandbox.query('create database blocks')
  const project = await bench.project({
    revisions: {
      'a.py': revision('a', null, `op.create_table('t', sa.Column('n', sa.Integer))`),
      'b.py': revision(
        'b',
        'a',
        `with op.get_context().autocommit_block():\n    op.create_index('t_n', 't', ['n'], postgresql_concurrently=True, if_not_exists=True)`,
      ),
      'c.py': revision('c', 'b', `op.execute("insert into missing values (1)")`),
    },
  })
  const steps = await project.source.planSteps([], ['heads'], signal)
  expect(steps.map(step => [step.revision, step.transactional, step.reason])).toEqual([
    ['a', true, ''],
    ['b', false, 'autocommit_block()'],
    ['c', true, ''],
  ])
  expect((await project.migrate('blocks', { steps: steps.slice(0, 1) })).result.status).toBe('finished')
  const block = await project.migrate('blocks', {
    from: ['a'],
    steps: steps.slice(1, 2),
    transactional: false,
  })
  expect(block.result).toEqual({ status: 'finished', xid: null })
  expect(block.statements.map(({ sql }) => sql)).toEqual([
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS t_n ON t (n)',
  ])
  const failed = await project.migrate('blocks', { from: ['b'], steps: steps.slice(2), transactional: false })
  expect(failed.result).toMatchObject({
    status: 'rolled_back',
    failure: { kind: 'migration_failed', sqlstate: '42P01' },
  })
  expect(await project.source.readHeads(tenantOf('blocks'), signal)).toEqual(['b'])
  await project.close()
})

test('goes on from an index that an attempt has left that was cut off, and makes a broken one again', async () => {
  const tenant = 'left behind'
  await bench.sandbox.query(`create database "${tenant}"`)
  const project = await bench.project(
    {
      revisions: {
        'a.py': revision('a', null, `op.create_table('t', sa.Column('n', sa.Integer))`),
        'b.py': revision(
          'b',
          'a',
          `with op.get_context().autocommit_block():\n    op.create_index('T n', 't', ['n'], postgresql_concurrently=True)`,
        ),
      },
    },
    { parser: createSqlParser() },
  )
  const steps = await project.source.planSteps([], ['heads'], signal)
  const goOn = async () =>
    (await project.migrate(tenant, { from: ['a'], steps: steps.slice(1), transactional: false })).result
  const query = (sql: string) => bench.sandbox.query(sql, tenant)
  await project.migrate(tenant, { steps: steps.slice(0, 1) })
  await query('create index "T n" on t (n)')
  const [made] = await query(`select '"T n"'::regclass::oid as oid`)
  expect(await goOn()).toEqual({ status: 'finished', xid: null })
  expect(await query(`select '"T n"'::regclass::oid as oid`)).toEqual([made])

  await query(`update alembic_version set version_num = 'a'`)
  await query(`update pg_index set indisvalid = false where indexrelid = '"T n"'::regclass`)
  expect(await goOn()).toEqual({ status: 'finished', xid: null })
  const [remade] = await query(
    `select indexrelid::oid as oid, indisvalid as valid from pg_index where indexrelid = '"T n"'::regclass`,
  )
  expect(remade).toMatchObject({ valid: true })
  expect(remade!.oid).not.toBe(made!.oid)

  await query(`update alembic_version set version_num = 'a'`)
  await query('drop index "T n"; create index "T n" on t (n desc)')
  expect(await goOn()).toMatchObject({ status: 'rolled_back', failure: { sqlstate: '42P07' } })
  await project.close()
})

test('refuses a tenant whose version table holds something else than the plan begins at', async () => {
  await bench.sandbox.query('create database moved')
  const project = await bench.project({ revisions: threeRevisions })
  await project.migrate('moved', { target: ['r1'] })
  const steps = await project.source.planSteps([], ['heads'], signal)
  const { result, statements } = await project.migrate('moved', { from: [], steps })
  expect(result).toMatchObject({
    status: 'rolled_back',
    failure: {
      kind: 'migration_failed',
      message: 'the version table holds r1, and the plan begins at nothing',
    },
  })
  expect(statements).toEqual([])
  await project.close()
})

test('refuses a revision that was edited after it was planned', async () => {
  await bench.sandbox.query('create database edited')
  const project = await bench.project({ revisions: threeRevisions })
  const steps = await project.source.planSteps([], ['heads'], signal)
  await project.project.write('migrations/versions/r3.py', revision('r3', 'r2', 'op.execute("select 2")'))
  const { result } = await project.migrate('edited', { steps })
  expect(result).toMatchObject({
    status: 'rolled_back',
    failure: { kind: 'migration_edited', file: 'migrations/versions/r3.py', revision: 'r3' },
  })
  await project.close()
})

test('carries deferred constraints through several revisions and keeps them deferred', async () => {
  await bench.sandbox.query('create database deferred')
  const project = await bench.project({
    revisions: {
      'a.py': revision(
        'a',
        null,
        `op.execute("create table p (id int primary key)")\nop.execute("create table c (p int references p deferrable initially deferred)")`,
      ),
      'b.py': revision(
        'b',
        'a',
        `op.execute("insert into c values (1)")\nop.execute("insert into p values (1)")`,
      ),
      'c.py': revision(
        'c',
        'b',
        `op.add_column('c', sa.Column('n', sa.Integer))\nop.execute("insert into c values (2)")\nop.execute("insert into p values (2)")`,
      ),
    },
  })
  expect((await project.migrate('deferred', { gid: 'lockstep:deferred' })).result.status).toBe('finished')
  await bench.sandbox.query("rollback prepared 'lockstep:deferred'", 'deferred')
  await project.close()
})

test('does not wait for ever for a vote that the network has swallowed, and calls it unknown', async () => {
  await bench.sandbox.query('create database swallowed')
  const proxy = await openTcpProxy(bench.sandbox.primary.port)
  const { host } = bench.sandbox.primary
  const { port } = proxy
  const project = await bench.project(
    { revisions: threeRevisions },
    { serverFor: () => ({ name: 'primary', host, port, user: 'postgres', password: null, tls: 'disable' }) },
  )
  const stop = new AbortController()
  try {
    const { result } = await project.migrate('swallowed', {
      gid: 'lockstep:run:all:swallowed',
      signal: stop.signal,
      observer: {
        async readyToVote() {
          proxy.swallowAll()
          // It is stopped once the vote is under way; no cancel gets through either.
          setTimeout(() => stop.abort(), 500)
          return 'finish'
        },
      },
    })
    expect(result).toMatchObject({ status: 'unknown' })
    expect(await prepared()).not.toContainEqual({ gid: 'lockstep:run:all:swallowed' })
  } finally {
    proxy.heal()
    await project.close()
    await proxy.close()
  }
})
