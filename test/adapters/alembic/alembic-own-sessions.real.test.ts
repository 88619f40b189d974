import { afterAll, beforeAll, expect } from 'vitest'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { type AlembicBench, openBench } from './support/alembic-bench.ts'
import { revision, stockEnvironment } from './support/alembic-project.ts'

const test = needs('python')
let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
  await bench.sandbox.query('create database own')
  await bench.sandbox.query('create table orders (id int primary key, note text)', 'own')
})
afterAll(() => bench?.close())

const openSession = `from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
settings = Session(create_engine(config.get_main_option("sqlalchemy.url")))
settings.execute(text("select note from orders limit 1")).all()
`
const addColumn = `op.add_column("orders", sa.Column("paid", sa.Boolean))`
const inSession = (rest: string): string => `from sqlalchemy.orm import Session
s = Session(bind=op.get_bind())
s.execute(sa.text("insert into orders values (1, 'x')"))
${rest}`

interface Case {
  readonly environment?: string
  readonly body?: string
  readonly failure: object
}

const cases: Readonly<Record<string, Case>> = {
  'a session of env.py that holds a lock which a revision needs': {
    environment: stockEnvironment.replace('target_metadata = None', `target_metadata = None\n${openSession}`),
    failure: {
      kind: 'own_session_blocks',
      revision: 'b',
      table: 'orders',
      file: 'migrations/env.py',
      line: expect.any(Number),
    },
  },
  'a session of a revision that holds a lock which it needs': {
    body: `from sqlalchemy.orm import Session
s = Session(sa.create_engine(op.get_bind().engine.url))
s.execute(sa.text("select note from orders")).all()
${addColumn}`,
    failure: { kind: 'own_session_blocks', table: 'orders', file: 'migrations/versions/b.py' },
  },
  'an env.py that begins a transaction before Alembic, and never commits': {
    environment: stockEnvironment.replace(
      '        context.configure(connection=connection',
      '        connection.exec_driver_sql("select 1")\n        context.configure(connection=connection',
    ),
    failure: {
      kind: 'source_failed',
      file: 'migrations/env.py',
      error: expect.stringContaining('a statement before context.configure() had begun the transaction'),
      remedy: expect.stringContaining('connection.commit()'),
    },
  },
  'an env.py without begin_transaction()': {
    environment: stockEnvironment.replace(
      '        with context.begin_transaction():\n            context.run_migrations()\n\nif',
      '        context.run_migrations()\n\nif',
    ),
    failure: {
      kind: 'source_failed',
      error: expect.stringContaining('context.begin_transaction() is missing'),
    },
  },
  'a revision that rolls its transaction back': {
    body: inSession('s.rollback()'),
    failure: {
      kind: 'migration_failed',
      message: 'it rolled back the transaction that it runs in, and with it what it had done',
    },
  },
  'a revision that commits on a connection of its own': {
    body: `from sqlalchemy.orm import Session
s = Session(sa.create_engine(op.get_bind().engine.url))
s.execute(sa.text("insert into orders values (9, 'y')"))
s.commit()`,
    failure: {
      kind: 'not_transactional',
      statement: 'a commit inside the revision, on a connection of its own',
    },
  },
}

test.each(Object.entries(cases))('names %s', async (_name, { environment, body = addColumn, failure }) => {
  const project = await bench.project({
    revisions: { 'a.py': revision('a', null, 'pass'), 'b.py': revision('b', 'a', body) },
    ...(environment ? { environment } : {}),
  })
  const { result } = await project.migrate('own', { gid: 'lockstep:own', lockTimeoutMs: 300 })
  expect(result).toMatchObject({ status: 'rolled_back', failure })
  expect(await bench.sandbox.query('select gid from pg_prepared_xacts')).toEqual([])
  expect(await bench.sandbox.query('select * from orders', 'own')).toEqual([])
  await project.close()
})
