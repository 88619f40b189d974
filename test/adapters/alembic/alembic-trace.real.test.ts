import { afterAll, beforeAll, expect } from 'vitest'
import {
  inspectionStatements,
  parseInspection,
} from '../../../electron/adapters/postgres/catalog/inspection.ts'
import { createLockTracer } from '../../../electron/adapters/postgres/locks/lock-tracer.ts'
import type { LockTracer } from '../../../electron/engine/ports/lock-trace.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { followTrace } from '../postgres/lock-forms/follow-trace.ts'
import { TraceBench } from '../postgres/lock-forms/trace-bench.ts'
import { describeServer, never } from '../postgres/sandbox-settings.ts'
import { type AlembicBench, type AlembicCase, openBench } from './support/alembic-bench.ts'
import { asyncEnvironment, type ProjectParts, revision } from './support/alembic-project.ts'

const test = needs('python')

let bench: AlembicBench
let tracer: LockTracer

const baseline = `create table customers (id int primary key, name text);
insert into customers select n, 'name' from generate_series(1, 50) n;
create table orders (id int primary key, customer_id int, amount int);
insert into orders select n, n, n from generate_series(1, 40) n`

/** Two revisions of which the first reads and writes from Python; the version table is widened in between. */
const revisions = {
  'r0.py': revision('r0', null, 'pass'),
  'r1.py': revision(
    'r1',
    'r0',
    `op.add_column('orders', sa.Column('note', sa.Text))
op.create_index('orders_note', 'orders', ['note'])
bind = op.get_bind()
for (number,) in bind.execute(sa.text('select id from customers where id < 3')).fetchall():
    bind.execute(sa.text("update customers set name = '50%' where id = " + str(number)))
op.create_foreign_key('orders_customer', 'orders', 'customers', ['customer_id'], ['id'])`,
  ),
  'r2.py': revision(
    'r2',
    'r1',
    `op.execute("alter table alembic_version alter column version_num type varchar(200)")
op.alter_column('orders', 'amount', type_=sa.BigInteger())
op.execute("alter table customers add constraint named check (name is not null) not valid")`,
  ),
}

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
  const { sandbox } = bench
  tracer = createLockTracer(() => describeServer(sandbox, sandbox.primary))
})
afterAll(() => bench?.close())

/** A database at r0 with the baseline. */
async function makeDatabase(project: AlembicCase, database: string): Promise<void> {
  await bench.sandbox.query(`create database ${database}`)
  await bench.sandbox.query(baseline, database)
  expect((await project.migrate(database, { target: ['r0'] })).result.status).toBe('finished')
}

const openProject = (parts: Partial<ProjectParts> = {}): Promise<AlembicCase> =>
  bench.project(
    { revisions, ...parts },
    { inspection: { statements: inspectionStatements, parse: parseInspection } },
  )

/** Traces both revisions, and compares each statement with the tracer alone on a database of the same schema. */
async function compare(project: AlembicCase, database: string): Promise<void> {
  await makeDatabase(project, database)
  await makeDatabase(project, `${database}_alone`)
  const { observer, followed } = followTrace(tracer)
  const { result } = await project.migrate(database, { from: ['r0'], observer, trace: tracer.queries })
  expect(result).toMatchObject({ status: 'finished' })
  const alone = await TraceBench.open(bench.sandbox, `${database}_alone`)
  const expected = await alone.inside(followed.map(({ sql }) => sql))
  await alone.close()
  expect(followed.map(({ sql: _, ...trace }) => trace)).toEqual(expected)
  const locks = followed.map(({ locks }) =>
    locks
      .filter(({ isNew, kind }) => isNew && kind === 'r')
      .map(({ relation, mode }) => `${relation} ${mode}`),
  )
  expect(locks).toEqual([
    ['public.orders AccessExclusiveLock'],
    [],
    ['public.customers AccessShareLock'],
    ['public.customers RowExclusiveLock'],
    [],
    ['public.customers ShareRowExclusiveLock'],
    ['public.alembic_version AccessExclusiveLock'],
    [],
    ['public.customers AccessExclusiveLock'],
  ])
  expect(followed[7]?.rewrites).toEqual(['public.orders', 'public.orders_pkey'])
  expect(followed[5]?.scans).toEqual([
    { relation: 'public.customers', rows: 50 },
    { relation: 'public.orders', rows: 40 },
  ])
  expect(followed[8]?.invalid).toEqual(['public.customers.named'])
}

test.each(['psycopg', 'psycopg2', 'asyncpg'])(
  'shows of each statement what the tracer shows of it alone, through %s',
  async driver => {
    const project = await openProject({
      url: `postgresql+${driver}://u@h/d`,
      ...(driver === 'asyncpg' ? { environment: asyncEnvironment } : {}),
    })
    await compare(project, `trace_${driver}`)
    await project.close()
  },
)

test('ends in the same schema and prepares the same locks as without a trace', async () => {
  const project = await openProject()
  await makeDatabase(project, 'ends')
  const ends: unknown[] = []
  for (const trace of [undefined, tracer.queries]) {
    const how = { from: ['r0'], gid: 'ends', ...(trace && { trace }) }
    const { inspection, result } = await project.migrate('ends', how)
    expect(result).toMatchObject({ status: 'finished' })
    const locks = await bench.sandbox.query(
      `select distinct l.relation::regclass::text as name, l.mode from pg_locks l
       where l.pid is null and l.locktype = 'relation' and l.relation >= 16384
         and l.relation in (select oid from pg_class where relnamespace = 'public'::regnamespace) order by 1, 2`,
      'ends',
    )
    await bench.sandbox.query(`rollback prepared 'ends'`, 'ends')
    ends.push({ fingerprint: inspection?.fingerprint, locks })
  }
  expect(ends[0]).toMatchObject({ fingerprint: expect.stringMatching(/./) })
  expect(ends[1]).toEqual(ends[0])
  await project.close()
})

test('holds the locks of a statement until its observer has looked from another session', async () => {
  const project = await openProject()
  await makeDatabase(project, 'looks')
  const seen: unknown[] = []
  await project.migrate('looks', {
    from: ['r0'],
    target: ['r1'],
    trace: tracer.queries,
    observer: {
      statement: async ({ sql }) => {
        if (!/index/i.test(sql)) return
        const rows = await bench.sandbox.query(
          `select mode from pg_locks where relation = 'orders'::regclass and pid <> pg_backend_pid() order by 1`,
          'looks',
        )
        seen.push(rows.map(row => row.mode))
      },
    },
  })
  expect(seen).toEqual([['AccessExclusiveLock', 'ShareLock']])
  await project.close()
})

const outside = revision(
  'r1',
  'r0',
  `op.add_column('customers', sa.Column('note', sa.Text))
with op.get_context().autocommit_block():
    op.create_index('orders_amount', 'orders', ['amount'], postgresql_concurrently=True)
    op.execute("alter table orders alter column customer_id set not null")
    try:
        op.execute("alter table orders add constraint never check (amount > 5)")
    except sa.exc.IntegrityError:
        pass
    op.execute("update customers set name = 'y' where id = 1")
    op.execute("do $$ begin commit; end $$")
    op.execute("drop index concurrently orders_amount")
op.execute("alter table customers alter column name set not null")`,
)

test.each(['psycopg', 'psycopg2', 'asyncpg'])(
  'watches what an autocommit_block() runs outside a transaction, through %s',
  async driver => {
    const project = await bench.project({
      revisions: { 'r0.py': revisions['r0.py'], 'r1.py': outside },
      url: `postgresql+${driver}://u@h/d`,
      ...(driver === 'asyncpg' ? { environment: asyncEnvironment } : {}),
    })
    const database = `outside_${driver}`
    await makeDatabase(project, database)
    const followed = await tracer.withWatch(
      { server: 'primary', database },
      async watch => {
        const { observer, followed } = followTrace(tracer, watch)
        const how = { from: ['r0'], transactional: false, observer, trace: tracer.queries }
        expect((await project.migrate(database, how)).result).toMatchObject({ status: 'finished' })
        return followed
      },
      never,
    )
    expect(
      followed.map(({ locks }) =>
        locks.filter(({ kind }) => kind === 'r').map(({ relation, mode }) => `${relation} ${mode}`),
      ),
    ).toEqual([
      ['public.customers AccessExclusiveLock'],
      ['public.orders ShareUpdateExclusiveLock'],
      ['public.orders AccessExclusiveLock'],
      ['public.customers RowExclusiveLock'],
      [],
      ['public.orders ShareUpdateExclusiveLock'],
      ['public.customers AccessExclusiveLock'],
    ])
    expect(followed.map(({ scans }) => scans)).toEqual([
      [],
      [{ relation: 'public.orders', rows: 80 }],
      [{ relation: 'public.orders', rows: 40 }],
      [],
      [],
      [],
      [{ relation: 'public.customers', rows: 50 }],
    ])
    await project.close()
  },
)

needs('oldest python')('traces with the oldest versions that are promised, too', async () => {
  const project = await bench.project(
    { revisions, url: 'postgresql+psycopg2://u@h/d' },
    {
      interpreter: await pythonEnvironment('oldest'),
      inspection: { statements: inspectionStatements, parse: parseInspection },
    },
  )
  await compare(project, 'trace_oldest')
  await project.close()
})
