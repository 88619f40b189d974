import { afterAll, beforeAll, expect } from 'vitest'
import { toFailure } from '../../../shared/failure/failure.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { type AlembicBench, openBench, tenantOf } from './support/alembic-bench.ts'
import { asyncEnvironment, revision, stockEnvironment, threeRevisions } from './support/alembic-project.ts'

const test = needs('python')

const signal = new AbortController().signal
const secret = 'p@ss/%w:örd\' "#?&=+ \\x'
let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
})
afterAll(() => bench?.close())

const simple = { 'a.py': revision('a', null, `op.create_table('t', sa.Column('n', sa.Integer))`) }

const readsUrl = (expression: string): string =>
  stockEnvironment
    .replace('target_metadata = None', `import os\nurl = ${expression}\ntarget_metadata = None`)
    .replace(/engine_from_config\([\s\S]*?\n {4}\)/, 'create_engine(url, poolclass=pool.NullPool)')
    .replace('engine_from_config, pool', 'create_engine, pool')

test.each([
  ['psycopg', 'postgresql+psycopg://u@h/d'],
  ['psycopg2', 'postgresql+psycopg2://u@h/d'],
])('keeps the driver and the parameters of the URL of the project: %s', async (driver, url) => {
  await bench.sandbox.query(`create database "driver_${driver}"`)
  const project = await bench.project({
    revisions: {
      'a.py': revision(
        'a',
        null,
        `op.create_table('t', sa.Column('n', sa.Text))
op.execute(sa.text("insert into t values (:driver), (current_setting('application_name'))").bindparams(driver=op.get_bind().dialect.driver))`,
      ),
    },
    url: `${url}?application_name=from%%20ini`,
  })
  expect((await project.migrate(`driver_${driver}`)).result.status).toBe('finished')
  expect(await bench.sandbox.query('select n from t', `driver_${driver}`)).toEqual([
    { n: driver },
    { n: 'from ini' },
  ])
  await project.close()
})

test.each([
  'postgresql+asyncpg://u@h/d',
  'driver://user:pass@localhost/dbname',
  'postgresql+psycopg://u@h/d',
])('prepares a project with an async env.py whose URL is %s', async url => {
  const database = `async ${url.slice(11, 16)}`
  await bench.sandbox.query(`create database "${database}"`)
  const project = await bench.project({ revisions: threeRevisions, environment: asyncEnvironment, url })
  expect(await project.source.readHeads(tenantOf(database), signal)).toEqual([])
  const { result, statements } = await project.migrate(database, { gid: 'lockstep:async' })
  expect(result.status).toBe('finished')
  expect(statements).toHaveLength(9)
  expect(await bench.sandbox.query('select gid from pg_prepared_xacts')).toEqual([{ gid: 'lockstep:async' }])
  await bench.sandbox.query("commit prepared 'lockstep:async'", database)
  await bench.sandbox.query(
    "delete from users; insert into users values (1, 'x'), (2, 'x')".replace(
      'delete',
      "alter table users drop constraint uq_email; update alembic_version set version_num = 'r2'; delete",
    ),
    database,
  )
  const failed = await project.migrate(database, { from: ['r2'], gid: 'lockstep:async' })
  expect(failed.result).toMatchObject({
    status: 'rolled_back',
    failure: {
      kind: 'migration_failed',
      sqlstate: '23505',
      constraint: 'uq_email',
      detail: 'Key (email)=(x) is duplicated.',
    },
  })
  expect(await bench.sandbox.query('select gid from pg_prepared_xacts')).toEqual([])
  await project.close()
})

test('delivers the URL by environment variable, by -x and by section, to one tenant after another', async () => {
  const databases = ['one', 'two'].map(name => `delivered ${name} %41 "quoted" ünïcode?&`)
  for (const database of databases) {
    await bench.sandbox.query(`create database "${database.replaceAll('"', '""')}"`)
  }
  await bench.sandbox.query(`create role "us er%" superuser login password '${secret.replaceAll("'", "''")}'`)
  const { host, port } = bench.sandbox.primary
  const serverFor = () => ({ host, port, user: 'us er%', password: secret, tls: 'disable' as const })
  const cases = [
    await bench.project({ revisions: simple }, { serverFor }),
    await bench.project(
      { revisions: simple, environment: readsUrl('os.environ["APP_DATABASE_URL"]') },
      { serverFor, urlDelivery: { kind: 'env', variable: 'APP_DATABASE_URL' } },
    ),
    await bench.project(
      {
        revisions: simple,
        environment: readsUrl('context.get_x_argument(as_dictionary=True)["dburl"]').replace(
          'import os\n',
          'import os\nassert context.get_x_argument(as_dictionary=True)["colour"] == "red"\n',
        ),
      },
      { serverFor, urlDelivery: { kind: 'x', name: 'dburl' }, xArguments: { colour: 'red' } },
    ),
    await bench.project(
      {
        revisions: simple,
        sections:
          '[blue]\nscript_location = %(here)s/migrations\nsqlalchemy.url = postgresql+psycopg2://u@h/d\n',
      },
      { serverFor, urlDelivery: { kind: 'section', name: 'blue' } },
    ),
    await bench.project(
      { revisions: simple, environment: readsUrl('config.get_main_option("app.url")') },
      { serverFor, urlDelivery: { kind: 'ini', option: 'app.url' } },
    ),
  ]
  for (const project of cases) {
    for (const database of databases) {
      const tenant = tenantOf(database)
      expect(await project.source.readHeads(tenant, signal)).toEqual([])
      expect((await project.migrate(database, { gid: 'lockstep:delivered' })).result.status).toBe('finished')
      expect(await bench.sandbox.query('select database from pg_prepared_xacts')).toEqual([{ database }])
      await bench.sandbox.query("rollback prepared 'lockstep:delivered'", database)
    }
    await project.close()
  }
})

test('gives each tenant a process of its own where the project keeps its first URL in a module', async () => {
  for (const name of ['kept_1', 'kept_2', 'kept_3']) await bench.sandbox.query(`create database ${name}`)
  const project = await bench.project(
    {
      revisions: simple,
      environment: readsUrl('__import__("settings").URL'),
      files: { 'settings.py': 'import os\nURL = os.environ["APP_URL"]\n' },
    },
    { urlDelivery: { kind: 'env', variable: 'APP_URL' } },
  )
  for (const name of ['kept_1', 'kept_2', 'kept_3']) {
    expect(await project.source.readHeads(tenantOf(name), signal)).toEqual([])
    expect((await project.migrate(name)).result.status).toBe('finished')
  }
  expect(await bench.sandbox.query("select to_regclass('t')::text as found", 'kept_3')).toEqual([
    { found: 't' },
  ])
  await project.close()
})

test('refuses an env.py that connects somewhere else than it is told', async () => {
  await bench.sandbox.query('create database told')
  await bench.sandbox.query('create database elsewhere')
  const { port } = bench.sandbox.primary
  const url = `postgresql+psycopg://postgres@127.0.0.1:${port}/elsewhere`
  const project = await bench.project({ revisions: simple, environment: readsUrl(JSON.stringify(url)) })
  const failure = { kind: 'wrong_database', tenant: 'told', expected: 'told', actual: 'elsewhere' }
  expect(await project.source.readHeads(tenantOf('told'), signal).catch(toFailure)).toEqual(failure)
  expect((await project.migrate('told')).result).toEqual({ status: 'rolled_back', failure })
  await project.close()
})

test('refuses a server that is not the expected cluster', async () => {
  const { host, port } = bench.sandbox.primary
  const server = { host, port, user: 'postgres', password: null, tls: 'disable' as const }
  const [row] = await bench.sandbox.query('select system_identifier::text as id from pg_control_system()')
  const right = await bench.project(
    { revisions: simple },
    { serverFor: () => ({ ...server, systemIdentifier: String(row?.id) }) },
  )
  expect(await right.source.readHeads(tenantOf('postgres'), signal)).toEqual([])
  const wrong = await bench.project(
    { revisions: simple },
    { serverFor: () => ({ ...server, systemIdentifier: '7000000000000000000' }) },
  )
  expect(await wrong.source.readHeads(tenantOf('postgres'), signal).catch(toFailure)).toMatchObject({
    kind: 'wrong_database',
    expected: 'postgres on 7000000000000000000',
  })
  await right.close()
  await wrong.close()
})

test('refuses an env.py that loops over two databases, and takes back what the first one prepared', async () => {
  await bench.sandbox.query('create database loop_1')
  await bench.sandbox.query('create database loop_2')
  const environment = stockEnvironment.replace(
    /def run_migrations_online[\s\S]*?(?=if context)/,
    `def run_migrations_online():
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url
    for name in ("loop_1", "loop_2"):
        url = make_url(config.get_main_option("sqlalchemy.url")).set(database=name)
        with create_engine(url, poolclass=pool.NullPool).connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()

`,
  )
  const project = await bench.project({ revisions: simple, environment })
  const failure = { kind: 'wrong_database', tenant: 'loop_1', expected: 'loop_1', actual: 'loop_2' }
  expect(await project.source.readHeads(tenantOf('loop_1'), signal).catch(toFailure)).toEqual(failure)
  const { result } = await project.migrate('loop_1', { gid: 'lockstep:loop' })
  expect(result).toEqual({ status: 'rolled_back', failure })
  expect(await bench.sandbox.query('select gid from pg_prepared_xacts')).toEqual([])
  await project.close()
})

test('lets env.py set a search path and take a lock first, and does not let it write first', async () => {
  await bench.sandbox.query('create database early')
  const early = (statement: string): string =>
    stockEnvironment.replace(
      '        context.configure(connection=connection',
      `        from sqlalchemy import text
        connection.execute(text("${statement}"))
        connection.commit()
        context.configure(connection=connection`,
    )
  await bench.sandbox.query('create schema app', 'early')
  const setting = await bench.project({ revisions: simple, environment: early('set search_path to app') })
  expect((await setting.migrate('early')).result.status).toBe('finished')
  expect(await setting.source.readHeads(tenantOf('early'), signal)).toEqual(['a'])
  expect(await bench.sandbox.query("select to_regclass('app.t')::text as found", 'early')).toEqual([
    { found: 'app.t' },
  ])
  await bench.sandbox.query('create database writes')
  const writing = await bench.project({ revisions: simple, environment: early('create schema app') })
  expect(await writing.source.readHeads(tenantOf('writes'), signal)).toEqual([])
  expect((await writing.migrate('writes', { gid: 'lockstep:early' })).result).toMatchObject({
    status: 'rolled_back',
    failure: { kind: 'not_transactional', statement: 'a commit by env.py' },
  })
  expect(await bench.sandbox.query("select to_regnamespace('app') as found", 'writes')).toEqual([
    { found: null },
  ])
  await setting.close()
  await writing.close()
})

test('joins an env.py with transaction_per_migration or an own transaction into one', async () => {
  const each = stockEnvironment.replace('target_metadata=target_metadata)', 'transaction_per_migration=True)')
  const own = stockEnvironment.replace('connectable.connect()', 'connectable.begin()')
  for (const [database, environment] of [
    ['each', each],
    ['own', own],
  ] as const) {
    await bench.sandbox.query(`create database "${database}"`)
    const project = await bench.project({ revisions: threeRevisions, environment })
    const { result, revisions } = await project.migrate(database, { gid: `lockstep:${database}` })
    expect(result.status).toBe('finished')
    expect(revisions).toEqual(['r1', 'r2', 'r3'])
    expect(await bench.sandbox.query('select gid from pg_prepared_xacts')).toHaveLength(1)
    await bench.sandbox.query(`rollback prepared 'lockstep:${database}'`, database)
    await project.close()
  }
})

test('says where env.py raised, and that it ended without migrating', async () => {
  const raising = await bench.project({
    revisions: simple,
    environment: stockEnvironment.replace(
      'target_metadata = None',
      'raise RuntimeError("no settings\\nhere")',
    ),
  })
  const failure = {
    kind: 'source_failed',
    during: 'running env.py',
    file: 'migrations/env.py',
    line: 9,
    error: 'RuntimeError: no settings',
  }
  expect(await raising.source.readHeads(tenantOf('postgres'), signal).catch(toFailure)).toEqual(failure)
  expect((await raising.migrate('postgres')).result).toEqual({ status: 'rolled_back', failure })
  const silent = await bench.project({
    revisions: simple,
    environment: stockEnvironment.replace(
      '            context.run_migrations()\n\nif',
      '            pass\n\nif',
    ),
  })
  expect((await silent.migrate('postgres')).result).toMatchObject({
    status: 'rolled_back',
    failure: { kind: 'source_failed', error: 'it ended without running the migrations' },
  })
  await raising.close()
  await silent.close()
})

test('maps what keeps it from connecting, and never prints the password', async () => {
  const { sandbox, close } = await (await import('../../support/with-sandbox.ts')).openSandbox({
    standbys: 0,
    auth: 'scram',
  })
  const { host, port } = sandbox.primary
  const server = { name: 'main', host, port, user: 'postgres', password: secret, tls: 'disable' as const }
  try {
    for (const url of [
      'postgresql+psycopg://u@h/d',
      'postgresql+psycopg2://u@h/d',
      'postgresql+asyncpg://u@h/d',
    ]) {
      const environment = url.includes('asyncpg') ? asyncEnvironment : stockEnvironment
      const ask = async (changed: object, database = 'postgres') => {
        const project = await bench.project(
          { revisions: simple, environment, url },
          { serverFor: () => ({ ...server, ...changed }) },
        )
        const failure = await project.source.readHeads(tenantOf(database), signal).catch(toFailure)
        const result = (await project.migrate(database)).result
        expect(result).toEqual({ status: 'rolled_back', failure })
        expect(JSON.stringify(failure)).not.toContain('ss/%w')
        await project.close()
        return failure
      }
      expect(await ask({})).toEqual({ kind: 'authentication_failed', server: 'main', user: 'postgres' })
      const { password } = sandbox.superuser
      expect(await ask({ password }, 'no such "one"')).toEqual({
        kind: 'database_missing',
        server: 'main',
        database: 'no such "one"',
      })
      expect(await ask({ port: 1 })).toEqual({
        kind: 'server_unreachable',
        server: 'main',
        endpoint: `${host}:1`,
        code: 'ECONNREFUSED',
      })
    }
  } finally {
    await close()
  }
})

test('takes the password out of what env.py itself says', async () => {
  const { host, port } = bench.sandbox.primary
  const project = await bench.project(
    {
      revisions: simple,
      environment:
        'from alembic import context\nraise ValueError("bad url " + context.config.get_main_option("sqlalchemy.url"))',
    },
    { serverFor: () => ({ host, port, user: 'postgres', password: secret, tls: 'disable' }) },
  )
  expect(await project.source.readHeads(tenantOf('postgres'), signal).catch(toFailure)).toMatchObject({
    error: 'ValueError: bad url ***',
  })
  const dying = await bench.project(
    {
      revisions: simple,
      environment:
        'import os, sys\nfrom alembic import context\nprint(context.config.get_main_option("sqlalchemy.url"))\nsys.stderr.flush()\nos._exit(3)',
    },
    { serverFor: () => ({ host, port, user: 'postgres', password: secret, tls: 'disable' }) },
  )
  const failure = await dying.source.readHeads(tenantOf('postgres'), signal).catch(toFailure)
  expect(failure).toMatchObject({
    kind: 'worker_died',
    tenant: 'postgres',
    detail: expect.stringContaining('***'),
  })
  expect(JSON.stringify(failure)).not.toMatch(/p%40ss|p@ss|%2F%25w/)
  await project.close()
  await dying.close()
})
