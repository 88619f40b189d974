import { afterAll, beforeAll, expect } from 'vitest'
import { toFailure } from '../../../shared/failure/failure.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { type AlembicBench, type AlembicCase, openBench, tenantOf } from './support/alembic-bench.ts'
import { asyncEnvironment, revision, stockEnvironment } from './support/alembic-project.ts'

const test = needs('python')
const signal = new AbortController().signal
let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
  await bench.sandbox.query('create role mig login')
  await bench.sandbox.query('create database looked owner mig')
  const client = await bench.sandbox.connect('looked', undefined, 'mig')
  await client.query(`create table orders (id serial primary key, note text); insert into orders (note) values ('one');
    create function touch() returns int language sql as $$ insert into orders (note) values ('x') returning id $$;
    create function peek() returns bigint language sql as $$ select count(*) from orders $$`)
  await client.end()
})
afterAll(() => bench?.close())

const state = (): Promise<readonly unknown[]> =>
  bench.sandbox.query(
    `select (select count(*)::int from orders) as rows, (select last_value::int from orders_id_seq) as number,
       (select array_agg(nspname::text) from pg_namespace where nspname like 'made%') as schemas`,
    'looked',
  )
const untouched = [{ rows: 1, number: 1, schemas: null }]

const open = (environment: string, url?: string): Promise<AlembicCase> =>
  bench.project(
    {
      revisions: { 'a.py': revision('a', null, 'pass') },
      environment,
      ...(url === undefined ? {} : { url }),
    },
    {
      serverFor: () => ({
        name: 'primary',
        host: bench.sandbox.primary.host,
        port: bench.sandbox.primary.port,
        user: 'mig',
        password: null,
        tls: 'disable',
      }),
    },
  )

async function look(environment: string, url?: string): Promise<unknown> {
  const project = await open(environment, url)
  const found = await project.source.readHeads(tenantOf('looked'), signal).catch(toFailure)
  await project.close()
  return found
}

const configure = '        context.configure(connection=connection'
const before = (...lines: readonly string[]): string =>
  stockEnvironment.replace(
    configure,
    () =>
      `        from sqlalchemy import create_engine, text, inspect\n${lines.map(line => `        ${line}\n`).join('')}${configure}`,
  )

const autocommit = (statement: string, options = ''): string =>
  before(
    `auto = create_engine(config.get_main_option("sqlalchemy.url"), isolation_level="AUTOCOMMIT", poolclass=pool.NullPool${options})`,
    `with auto.connect() as other: other.execute(text("""${statement}"""))`,
  )
const inTransaction = (...statements: readonly string[]): string =>
  before(...statements.map(one => `connection.execute(text("""${one}"""))`), 'connection.commit()')
const pastSqlAlchemy = (statement: string): string =>
  before(
    'raw = connection.connection.dbapi_connection',
    `raw.cursor().execute("""${statement}""")`,
    'raw.commit()',
  )
const writable = 'with w as (insert into orders (note) values ($$w$$) returning id) select id from w'

const refused: Readonly<Record<string, readonly [string, RegExp]>> = {
  'a function that writes, in autocommit': [autocommit('select touch()'), /read-only/],
  'the same with options of its own': [
    autocommit(
      'select touch()',
      ', connect_args={"options": "-c default_transaction_read_only=off -c search_path=public"}',
    ),
    /read-only/,
  ],
  'the same after RESET ALL': [
    before(
      'auto = create_engine(config.get_main_option("sqlalchemy.url"), isolation_level="AUTOCOMMIT", poolclass=pool.NullPool)',
      'other = auto.connect(); other.execute(text("reset all")); other.execute(text("select touch()"))',
    ),
    /read-only/,
  ],
  'read-only mode that is switched off in the same text': [
    autocommit('select set_config($$default_transaction_read_only$$, $$off$$, false); select touch()'),
    /committed at once/,
  ],
  'a WITH that writes, in autocommit': [autocommit(writable), /committed at once/],
  'SELECT INTO, in autocommit': [autocommit('select 1 as a into made'), /committed at once/],
  'nextval, in autocommit': [autocommit("select nextval('orders_id_seq')"), /nextval\(\) takes effect/],
  'nextval, in a transaction': [inTransaction("select nextval('orders_id_seq')"), /nextval\(\) takes effect/],
  'a function that writes, in a transaction': [inTransaction('select touch()'), /read-only/],
  'an INSERT that draws a number, in a transaction': [
    inTransaction("insert into orders (note) values ('x')"),
    /read-only/,
  ],
  'pg_notify, in autocommit': [autocommit("select pg_notify('a', 'b')"), /pg_notify\(\) takes effect/],
  'what the driver is told past SQLAlchemy': [pastSqlAlchemy('select touch()'), /read-only/],
}

test.each(Object.entries(refused))('while only reading, refuses %s', async (_name, [environment, words]) => {
  const found = await look(environment)
  expect(found).toMatchObject({ kind: expect.stringMatching(/^(source_failed|not_transactional)$/) })
  expect(JSON.stringify(found)).toMatch(words)
  expect(await state()).toEqual(untouched)
})

const read: Readonly<Record<string, string>> = {
  'a schema that is made when it is missing': inTransaction('create schema if not exists made'),
  'the same after a look, which calls a function': before(
    'connection.execute(text("select peek()"))',
    'if not inspect(connection).has_schema("made"): connection.execute(text("create schema made"))',
    'connection.commit()',
  ),
  'locks and settings': inTransaction(
    'select pg_advisory_lock(4)',
    "select set_config('search_path', 'public', false)",
    'set lock_timeout = 100',
    'select pg_advisory_unlock(4)',
  ),
  'locks and settings in autocommit': before(
    'auto = create_engine(config.get_main_option("sqlalchemy.url"), isolation_level="AUTOCOMMIT", poolclass=pool.NullPool)',
    'with auto.connect() as other:',
    '    for one in ("select pg_advisory_lock(4)", "select set_config($$search_path$$, $$public$$, false)", "select peek()"): other.execute(text(one))',
  ),
  'an isolation level of its own': stockEnvironment.replace(
    'connectable.connect()',
    'connectable.connect().execution_options(isolation_level="SERIALIZABLE")',
  ),
}

test.each(Object.entries(read))('while only reading, goes on with %s', async (_name, environment) => {
  for (const url of [undefined, 'postgresql+psycopg2://u@h/d']) {
    expect(await look(environment, url)).toEqual([])
    expect(await state()).toEqual(untouched)
  }
})

test('holds for asyncpg too', async () => {
  const url = 'postgresql+asyncpg://u@h/d'
  const doing = (statement: string, options = ''): string =>
    asyncEnvironment
      .replace(
        'def do_run(connection):\n',
        `def do_run(connection):\n    from sqlalchemy import text\n    connection.execute(text("${statement}"))\n    connection.commit()\n`,
      )
      .replace('poolclass=pool.NullPool', `poolclass=pool.NullPool${options}`)
  for (const options of ['', ', isolation_level="AUTOCOMMIT"'])
    expect(JSON.stringify(await look(doing('select touch()', options), url))).toMatch(/read-only/)
  expect(await look(doing('create schema if not exists made'), url)).toEqual([])
  expect(await look(doing('select peek()'), url)).toEqual([])
  expect(await state()).toEqual(untouched)
})

test('says what an env.py does that writes after its migrations, and a way that works', async () => {
  const after = stockEnvironment.replace(
    '            context.run_migrations()\n\nif',
    `            context.run_migrations()
            connection.exec_driver_sql("create table if not exists last (a int)")

if`,
  )
  expect(await look(after)).toEqual({
    kind: 'source_failed',
    during: 'reading where tenant looked stands',
    file: 'migrations/env.py',
    line: 24,
    error: expect.stringContaining(
      'env.py writes after run_migrations(), and so with every look at the tenant: create table if not exists last',
    ),
    remedy: expect.stringContaining('context.configure(on_version_apply=...)'),
  })
  const remedied = await open(
    stockEnvironment.replace(
      'target_metadata=target_metadata)',
      'on_version_apply=lambda **given: connection.exec_driver_sql("create table if not exists last (a int)"))',
    ),
  )
  expect(await remedied.source.readHeads(tenantOf('looked'), signal)).toEqual([])
  expect((await remedied.migrate('looked')).result.status).toBe('finished')
  expect(await remedied.source.readHeads(tenantOf('looked'), signal)).toEqual(['a'])
  expect(await bench.sandbox.query("select to_regclass('last')::text as found", 'looked')).toEqual([
    { found: 'last' },
  ])
  await remedied.close()
})

test('in a run, keeps autocommit from committing what a function writes, and lets it look', async () => {
  await bench.sandbox.query('create database ran template looked owner mig')
  await bench.sandbox.query('drop table if exists alembic_version', 'ran')
  for (const [statement, status] of [
    ['select touch()', 'rolled_back'],
    [writable, 'rolled_back'],
    ['select peek(), pg_advisory_lock(4)', 'finished'],
  ] as const) {
    const project = await open(autocommit(statement))
    const { result } = await project.migrate('ran')
    expect(result).toMatchObject({
      status,
      ...(status === 'finished' ? {} : { failure: { kind: 'not_transactional', statement } }),
    })
    await project.close()
  }
  expect(await bench.sandbox.query('select count(*)::int as rows from orders', 'ran')).toEqual([{ rows: 1 }])
})
