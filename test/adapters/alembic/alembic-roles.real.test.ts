import { afterAll, beforeAll, expect } from 'vitest'
import { createPostgres } from '../../../electron/adapters/postgres/create-postgres.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { describeServers } from '../postgres/sandbox-settings.ts'
import { type AlembicBench, openBench, tenantOf } from './support/alembic-bench.ts'
import { asyncEnvironment, revision, stockEnvironment } from './support/alembic-project.ts'

const test = needs('python')
const signal = new AbortController().signal
let bench: AlembicBench

/** The login of the migrations owns nothing, inherits nothing and is no superuser. */
const setUp = `
create role app_owner nologin;
create role migrator login noinherit;
create role defaulting login noinherit;
create role stranger login;
grant app_owner to migrator, defaulting;
alter role defaulting set role = 'app_owner';
create database base;
alter database base owner to app_owner`
const tables = `
set role app_owner;
create table orders (id int primary key deferrable initially deferred, note text);
create table alembic_version (version_num varchar(32) primary key);
insert into alembic_version values ('0001');
grant select, insert, update, delete, trigger on all tables in schema public to migrator;
-- As the login, this one may not read the orders.
create function note_order() returns trigger language plpgsql as $$
  begin perform count(*) from orders; if current_user <> 'app_owner' then raise 'checked as %', current_user; end if; return null; end $$;
create constraint trigger late after insert on orders deferrable initially deferred for each row execute function note_order()`

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
  for (const statement of setUp.split(';')) await bench.sandbox.query(statement)
  await bench.sandbox.query(tables, 'base')
})
afterAll(() => bench?.close())

const inEnvironment = (statement: string): string =>
  stockEnvironment
    .replace('import engine_from_config, pool', 'import engine_from_config, event, pool, text')
    .replace(
      '        context.configure(connection=connection',
      `        connection.execute(text("${statement}"))\n        connection.commit()\n        context.configure(connection=connection`,
    )
const onConnect = stockEnvironment
  .replace('import engine_from_config, pool', 'import engine_from_config, event, pool')
  .replace(
    '    with connectable.connect()',
    `    @event.listens_for(connectable, "connect")
    def own(dbapi, record):
        cursor = dbapi.cursor()
        cursor.execute("set role app_owner")
        cursor.close()
        dbapi.commit()
    with connectable.connect()`,
  )
const asyncOwner = asyncEnvironment.replace(
  '    context.configure(connection=connection',
  '    connection.exec_driver_sql("set role app_owner")\n    connection.commit()\n    context.configure(connection=connection',
)

interface Form {
  readonly environment?: string
  readonly before?: string
  readonly imports?: string
  readonly user?: string
  readonly driver?: string
}

const forms: Readonly<Record<string, Form>> = {
  'set role in env.py': { environment: inEnvironment('set role app_owner') },
  "set_config('role') in env.py": {
    environment: inEnvironment("select set_config('role', 'app_owner', false)"),
  },
  'set role in a listener of new connections': { environment: onConnect },
  'set role in an async env.py': { environment: asyncOwner, driver: 'asyncpg' },
  'set role in a revision': { before: `op.execute("set role app_owner")`, driver: 'psycopg2' },
  'set local role in a revision': { before: `op.execute("set local role app_owner")` },
  'set role in a block': {
    before: `op.execute("do $$ begin execute 'set role app_owner'; end $$")`,
  },
  'set role in a file that a revision reads': {
    before: `op.execute(open(os.path.join(os.path.dirname(__file__), "own.sql")).read())`,
    imports: 'import os',
  },
  'a role as the default of the login': { user: 'defaulting' },
  'another session authorization by a superuser': {
    before: `op.execute("set session authorization app_owner")`,
    user: 'postgres',
  },
}

const body = `op.execute("create table made (id int)")
op.execute("insert into orders values (1, 'a')")`

test.each(Object.entries(forms))('lets the login finish what was written after %s', async (name, form) => {
  const { before = '', imports = '', user = 'migrator', driver = 'psycopg' } = form
  const database = `role ${name}`
  await bench.sandbox.query(`create database "${database}" template base owner app_owner`)
  await bench.sandbox.query(`grant usage on schema public to migrator`, database)
  const { host, port } = bench.sandbox.primary
  const project = await bench.project(
    {
      revisions: {
        '0001.py': revision('0001', null, 'pass'),
        '0002.py': revision('0002', '0001', `${before}\n${body}`, { imports }),
      },
      files: { 'migrations/versions/own.sql': 'set role app_owner;' },
      ...(form.environment ? { environment: form.environment } : {}),
    },
    {
      driver,
      serverFor: () => ({ name: 'primary', host, port, user, password: null, tls: 'disable' }),
    },
  )
  const gid = `lockstep:${name}`
  const { result } = await project.migrate(database, { from: ['0001'], gid })
  expect(result).toMatchObject({ status: 'finished' })
  const servers = describeServers(bench.sandbox).map(server => ({ ...server, user }))
  const postgres = createPostgres(servers, { finishTimeoutMs: 2_000 })
  const preparedSession = await postgres.prepared.openSession('primary', tenantOf(database), signal)
  expect(await bench.sandbox.query(`select owner::text from pg_prepared_xacts`)).toEqual([{ owner: user }])
  expect(await preparedSession.commit(gid)).toBe('done')
  await preparedSession.close()
  expect(
    await bench.sandbox.query(
      "select tableowner::text as owner from pg_tables where tablename = 'made'",
      database,
    ),
  ).toEqual([{ owner: 'app_owner' }])
  await project.close()
})

test('votes no where the session logs in as a role that the finishing session may not take', async () => {
  await bench.sandbox.query('create database stranger template base owner app_owner')
  const { host, port } = bench.sandbox.primary
  const project = await bench.project(
    {
      revisions: {
        '0001.py': revision('0001', null, 'pass'),
        '0002.py': revision('0002', '0001', 'pass'),
      },
      environment: stockEnvironment.replace(
        '    connectable =',
        `    url = config.get_main_option("sqlalchemy.url").replace("stranger@", "postgres@")
    config.set_main_option("sqlalchemy.url", url)
    connectable =`,
      ),
    },
    { serverFor: () => ({ name: 'primary', host, port, user: 'stranger', password: null, tls: 'disable' }) },
  )
  const { result } = await project.migrate('stranger', { from: ['0001'], gid: 'lockstep:stranger' })
  expect(result).toEqual({
    status: 'rolled_back',
    failure: { kind: 'vote_unfinishable', tenant: 'stranger', owner: 'postgres', user: 'stranger' },
  })
  expect(await bench.sandbox.query('select gid from pg_prepared_xacts')).toEqual([])
  await project.close()
})
