import { afterAll, beforeAll, expect } from 'vitest'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { type AlembicBench, openBench } from './support/alembic-bench.ts'
import { asyncEnvironment, revision, stockEnvironment } from './support/alembic-project.ts'
import { baseline, first, fleetOwner, migrateFleet } from './support/replay-fleet.ts'

const test = needs('python')
let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment(), { max_connections: '60' })
  await bench.sandbox.query(`create role "${fleetOwner}" login`)
})
afterAll(() => bench?.close())

/** Body of a revision, what is said of it, and what it imports. */
type Deciding = readonly [string, string, string?]

/** Known from the source alone. */
const decidesBySource: readonly Deciding[] = [
  [
    `if not sa.inspect(op.get_bind()).has_table('t'):\n    op.execute('create table t (n int)')`,
    'inspects the database',
  ],
  [
    `if op.get_bind().dialect.server_version_info > (9, 6):\n    op.execute('create table v (n int)')`,
    "asks for the server's version",
  ],
  [
    `op.execute("insert into visits select length('%s')" % datetime.datetime.now())`,
    'takes the time or a random value',
    'import datetime',
  ],
  [
    `op.execute("insert into visits select length('%s')" % uuid.uuid4())`,
    'takes the time or a random value',
    'import uuid',
  ],
  [
    `if op.get_bind().engine.url.database.endswith('_3'):\n    op.execute('create table only_third (n int)')`,
    'reaches for the connection',
  ],
  [
    `with op.batch_alter_table('orders') as batch:\n    batch.add_column(sa.Column('more', sa.Text))`,
    'uses batch_alter_table()',
  ],
  [
    `try:\n    op.execute('savepoint s')\nfinally:\n    op.execute('create table f (n int)')`,
    'handles errors',
  ],
  [
    `if op.get_bind().execute(sa.text('update orders set id = id')).rowcount:\n    op.execute('create table c (n int)')`,
    'looks at what a statement did',
  ],
  [`op.execute("comment on table orders is '%s'" % len(os.environ))`, 'imports os', 'import os'],
  [`op.get_context().impl.execute('create table i (n int)')`, 'uses op.get_context'],
  [`op.execute('create table %s_x (n int)' % getattr(op, '__name__').split('.')[0])`, 'calls getattr()'],
]

/** Known once a tenant was migrated. */
const decidesByRows: readonly Deciding[] = [
  [
    `rows = op.get_bind().execute(sa.text('select id from orders')).fetchall()\nop.execute('create table t%d (n int)' % len(rows))`,
    'reads rows',
  ],
  [
    `if op.get_bind().scalar(sa.text('select count(*) from orders')) > 0:\n    op.execute('create table t (n int)')`,
    'reads rows',
  ],
  [`list(op.get_bind().execute(sa.text("insert into orders (id) values (5) returning id")))`, 'reads rows'],
  [
    `postgresql.ENUM('a', name='kind').create(op.get_bind(), checkfirst=True)`,
    'reads rows',
    'from sqlalchemy.dialects import postgresql',
  ],
]

const chain = (cases: readonly Deciding[]): Readonly<Record<string, string>> => ({
  'r0.py': first,
  ...Object.fromEntries(
    cases.map(([body, , imports], index) => [
      `r${index + 1}.py`,
      revision(`r${index + 1}`, `r${index}`, body, imports ? { imports } : {}),
    ]),
  ),
})

test.each([
  ['its source', 'source', decidesBySource],
  ['rows', 'rows', decidesByRows],
] as const)(
  'runs in Python what is decided by more than its source, and says where: %s',
  async (_, name, cases) => {
    const fleet = await migrateFleet(bench, {
      ...{ name: `decides_${name}`, count: 3, baseline, migrate: { from: ['r0'] } },
      parts: { revisions: chain(cases) },
    })
    expect(Object.values(fleet.migrated).map(({ result }) => result.status)).toEqual(
      Array(3).fill('finished'),
    )
    expect(fleet.reasons.map(reason => reason.replace(/ in line \d+$/, ''))).toEqual(
      cases.map(([, reason], index) => `r${index + 1} ${reason}`),
    )
    expect(fleet.reasons[0]).toMatch(/ in line 11$/)
    expect(fleet.replayed).toEqual([])
    for (const tenant of fleet.tenants) {
      expect(await bench.sandbox.query('select version_num from alembic_version', tenant)).toEqual([
        { version_num: `r${cases.length}` },
      ])
      const [found] = await bench.sandbox.query(
        "select to_regclass('only_third') is not null as found",
        tenant,
      )
      expect(found?.found).toBe(name === 'source' && tenant.endsWith('_3'))
    }
  },
)

test('runs in Python what its project, and not the revision, decides', async () => {
  const plain = { 'r0.py': first, 'r1.py': revision('r1', 'r0', `op.execute('create table t (n int)')`) }
  const listening = stockEnvironment
    .replace('engine_from_config, pool', 'engine_from_config, event, pool')
    .replace(
      '        context.configure(',
      `        @event.listens_for(connection, 'before_cursor_execute', retval=True)
        def change(conn, cursor, statement, parameters, context, many):
            return statement + ' -- changed', parameters
        context.configure(`,
    )
  const asking = stockEnvironment.replace(
    '        context.configure(',
    "        connection.exec_driver_sql('select 1')\n        connection.rollback()\n        context.configure(",
  )
  const past = stockEnvironment.replace(
    '        context.configure(',
    "        connection.connection.cursor().execute('select 1')\n        connection.rollback()\n        context.configure(",
  )
  for (const [name, environment, reason] of [
    ['past', past, 'env.py: reaches past SQLAlchemy'],
    ['listens', listening, 'env.py listens to statements'],
    ['asks', asking, 'env.py runs statements of its own'],
    ['async', asyncEnvironment, 'what its driver sends cannot be seen (AsyncAdapt_asyncpg_connection)'],
  ] as const) {
    const fleet = await migrateFleet(bench, {
      ...{ name: `project_${name}`, count: 3, baseline, migrate: { from: ['r0'] } },
      parts: { revisions: plain, environment },
    })
    expect(
      Object.values(fleet.migrated).map(({ result }) => result.status),
      name,
    ).toEqual(Array(3).fill('finished'))
    expect(fleet.reasons, name).toEqual([`r1 ${reason}`])
    expect(fleet.replayed, name).toEqual([])
  }
})
