import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { toFailure } from '../../../shared/failure/failure.ts'
import { needs } from '../../support/needs.ts'
import { optionsFor } from '../../support/postgres-versions.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { runCommand } from '../../support/run-command.ts'
import { openSandbox } from '../../support/with-sandbox.ts'
import { type AlembicBench, openBench, tenantOf } from './support/alembic-bench.ts'
import { revision } from './support/alembic-project.ts'
import { type ConnectionForm, connectionForms } from './support/connection-forms.ts'

// The pg_dump of a machine is seldom of the newest version.
const test = needs('python', 'pg_dump', 'older postgres')
const signal = new AbortController().signal
let bench: AlembicBench
let python: string

/** A tenant has its tables in a schema of its own, and an older version table of somebody else in `public`. */
const base = `
create schema app;
create table app.orders (id int primary key, note text);
create table app.alembic_version (version_num varchar(32) primary key);
insert into app.alembic_version values ('0001');
create table public.alembic_version (version_num varchar(32) primary key);
insert into public.alembic_version values ('elsewhere')`

const revisions = {
  '0001.py': revision('0001', null, 'pass'),
  '0002.py': revision(
    '0002',
    '0001',
    `op.create_table('invoices', sa.Column('id', sa.Integer, primary_key=True), sa.Column('note', sa.Text))
op.create_index('invoices_note', 'invoices', ['note'])
op.add_column('orders', sa.Column('paid', sa.Boolean, server_default=sa.false()))
op.execute("create function total() returns bigint language sql as 'select count(*) from orders'")`,
  ),
}

beforeAll(async () => {
  python = await pythonEnvironment()
  bench = await openBench(python, {}, await optionsFor('14'))
  await bench.sandbox.query('create database base')
  await bench.sandbox.query(base, 'base')
})
afterAll(() => bench?.close())

const address = (): string => `postgres@${bench.sandbox.primary.host}:${bench.sandbox.primary.port}`

async function makeDatabase(name: string): Promise<string> {
  await bench.sandbox.query(`create database "${name}" template base`)
  return name
}

async function openProject(
  { environment, driver = 'psycopg2', urlOptions = '' }: ConnectionForm,
  options: Parameters<AlembicBench['project']>[1] = {},
) {
  return await bench.project(
    {
      revisions,
      environment,
      url: `postgresql+${driver}://nobody@nowhere/none${urlOptions.replaceAll('%', '%%')}`,
    },
    options,
  )
}

/** What `alembic upgrade head` makes of a database, without Lockstep. */
async function migratePlainly(folder: string, form: ConnectionForm, database: string): Promise<void> {
  const url = `postgresql+${form.driver ?? 'psycopg2'}://${address()}/${database}${form.urlOptions ?? ''}`
  const text = `[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = ${url.replaceAll('%', '%%')}\n`
  await writeFile(join(folder, 'plain.ini'), text)
  await runCommand(python, ['-m', 'alembic', '-c', 'plain.ini', 'upgrade', 'head'], { folder })
}

async function describeDatabase(database: string): Promise<string> {
  const at = `postgresql://${address()}/${database}`
  const dump = await runCommand('pg_dump', ['--schema-only', at])
  const rows = await bench.sandbox.query(
    `select 'app' as where, version_num from app.alembic_version
     union all select 'public', version_num from public.alembic_version order by 1, 2`,
    database,
  )
  // A token that is new in each dump.
  return `${dump.replace(/^\\(un)?restrict .*$/gm, '')}\n${JSON.stringify(rows)}`
}

test.each(Object.entries(connectionForms))('ends where plain Alembic would with %s', async (name, form) => {
  const project = await openProject(form)
  const number = Object.keys(connectionForms).indexOf(name)
  const control = await makeDatabase(`control_${number}`)
  const tenant = await makeDatabase(`tenant_${number}`)
  await migratePlainly(project.project.folder, form, control)
  expect(await project.source.readHeads(tenantOf(tenant), signal)).toEqual(['0001'])
  const { result } = await project.migrate(tenant, { from: ['0001'], gid: `lockstep:${number}` })
  expect(result).toMatchObject({ status: 'finished' })
  await bench.sandbox.query(`commit prepared 'lockstep:${number}'`, tenant)
  const [migrated, wanted] = [await describeDatabase(tenant), await describeDatabase(control)]
  expect(migrated).toBe(wanted)
  expect(migrated).toContain('app.invoices')
  await project.close()
})

const refused: Readonly<Record<string, { readonly form: ConnectionForm; readonly failure: object }>> = {
  'a creator that opens another database': {
    form: {
      environment: `from alembic import context
import psycopg2
from sqlalchemy import create_engine, pool
def open_main():
    return psycopg2.connect(host="HOST", port=PORT, user="postgres", dbname="base")
engine = create_engine("postgresql+psycopg2://", creator=open_main, poolclass=pool.NullPool)
with engine.connect() as c:
    context.configure(connection=c)
    with context.begin_transaction():
        context.run_migrations()
`,
    },
    failure: {
      kind: 'wrong_database',
      actual: 'base',
      opener: { how: 'creator', name: 'open_main', file: 'migrations/env.py', line: 4 },
    },
  },
  'a creator that cannot connect': {
    form: {
      environment: `from alembic import context
from sqlalchemy import create_engine, pool
def open_main():
    raise RuntimeError("no tunnel")
create_engine("postgresql+psycopg2://", creator=open_main, poolclass=pool.NullPool).connect()
`,
    },
    failure: {
      kind: 'source_failed',
      during: 'connecting by open_main (creator)',
      file: 'migrations/env.py',
      line: 4,
      error: 'RuntimeError: no tunnel',
    },
  },
  'a listener that logs in as somebody else': {
    form: {
      environment: `from alembic import context
from sqlalchemy import create_engine, event, pool
engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
@event.listens_for(engine, "do_connect")
def as_owner(dialect, record, cargs, cparams):
    cparams["user"] = "owner"
engine.connect()
`,
    },
    failure: {
      kind: 'source_failed',
      during: 'connecting as as_owner (do_connect)',
      file: 'migrations/env.py',
      error: 'it logs in as owner, and lockstep.yml as postgres',
      remedy: expect.stringContaining('user: owner'),
    },
  },
}

test.each(Object.entries(refused))('names %s before anything is run', async (_name, { form, failure }) => {
  const { host, port } = bench.sandbox.primary
  const environment = form.environment.replace('HOST', host).replace('PORT', String(port))
  const database = await makeDatabase(`refused ${_name}`)
  const project = await openProject({ ...form, environment })
  const before = await describeDatabase('base')
  const found = await project.source.readHeads(tenantOf(database), signal).catch(toFailure)
  expect(found).toMatchObject(failure)
  const { result, statements } = await project.migrate(database, { from: ['0001'], gid: 'lockstep:refused' })
  expect(result).toMatchObject({ status: 'rolled_back', failure })
  expect(statements).toEqual([])
  expect(await describeDatabase('base')).toBe(before)
  await project.close()
})

test('refuses a creator that opens a database of the same name on another server', async () => {
  const form = connectionForms['a creator']
  if (!form) throw new Error('there is no such form')
  const database = await makeDatabase('elsewhere')
  const project = await openProject(form, { identifyServer: async () => '7000000000000000001' })
  expect(await project.source.readHeads(tenantOf(database), signal).catch(toFailure)).toMatchObject({
    kind: 'wrong_database',
    expected: 'elsewhere on 7000000000000000001',
    opener: { name: 'connect' },
  })
  await project.close()
})

test('gives the connection of a creator the search path of a tenant that is a schema', async () => {
  const database = await makeDatabase('schemas')
  await bench.sandbox.query('create schema t_a', database)
  const form = connectionForms['a creator']
  if (!form) throw new Error('there is no such form')
  const project = await openProject({
    ...form,
    environment: form.environment.replace(/, options=[^)]*\)/, ')'),
  })
  const { result } = await project.migrate(database, {
    schema: 't_a',
    gid: 'lockstep:schemas',
    target: ['0001'],
  })
  expect(result).toMatchObject({ status: 'finished' })
  await bench.sandbox.query(`commit prepared 'lockstep:schemas'`, database)
  expect(await bench.sandbox.query('select version_num from t_a.alembic_version', database)).toEqual([
    { version_num: '0001' },
  ])
  await project.close()
})

test('takes the token of a listener where lockstep.yml has no password, and its own where it has one', async () => {
  const { sandbox, close } = await openSandbox({ standbys: 0, auth: 'scram' })
  const { host, port } = sandbox.primary
  const { user, password } = sandbox.superuser
  const readAs = async (token: string, known: string | null) => {
    const project = await openProject(
      {
        environment: `import os
from alembic import context
from sqlalchemy import create_engine, event, pool
engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
@event.listens_for(engine, "do_connect")
def fetch_token(dialect, record, cargs, cparams):
    cparams["password"] = os.environ["TOKEN"]
with engine.connect() as c:
    context.configure(connection=c)
    with context.begin_transaction():
        context.run_migrations()
`,
      },
      {
        environment: { TOKEN: token },
        serverFor: () => ({ name: 'main', host, port, user, password: known, tls: 'disable' }),
      },
    )
    try {
      return await project.source.readHeads(tenantOf('postgres'), signal)
    } catch (error) {
      return toFailure(error).kind
    } finally {
      await project.close()
    }
  }
  try {
    expect(await readAs(password ?? '', null)).toEqual([])
    expect(await readAs('expired', password)).toEqual([])
    expect(await readAs('expired', null)).toBe('authentication_failed')
  } finally {
    await close()
  }
})
