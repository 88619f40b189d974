import { afterAll, beforeAll, expect } from 'vitest'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { type AlembicBench, openBench } from './support/alembic-bench.ts'
import { revision } from './support/alembic-project.ts'
import {
  baseline,
  first,
  fleetOwner,
  type MigratedFleet,
  migrateFleet,
  readRows,
} from './support/replay-fleet.ts'

const test = needs('python')
let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment(), { max_connections: '60' })
  await bench.sandbox.query(`create role "${fleetOwner}" login`)
})
afterAll(() => bench?.close())

/** What has to come across exactly. */
const exact = {
  'r0.py': first,
  'r1.py': revision(
    'r1',
    'r0',
    `op.create_table('Line "Item"',
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('state', sa.Enum('new', "it's", '100%', name='Line State'), nullable=False, server_default='new'),
    sa.Column('price', sa.Numeric(10, 2), server_default=sa.text("1.5")),
    sa.Column('data', sa.JSON), sa.Column('raw', sa.LargeBinary), sa.Column('on', sa.Date), sa.Column('ok', sa.Boolean),
    comment="all of 100% 'it'")
op.create_index('ix "state"', 'Line "Item"', ['state'])
lines = sa.table('Line "Item"', *[sa.column(name) for name in ('id', 'state')],
    sa.column('price', sa.Numeric), sa.column('data', sa.JSON), sa.column('raw', sa.LargeBinary), sa.column('on', sa.Date),
    sa.column('ok', sa.Boolean))
op.execute(lines.insert().values(id=9, state='new', price=decimal.Decimal('1.25'), data={'a': [1, '%s', None]},
    raw=b'\\x00%\\xff', on=datetime.date(2024, 2, 29), ok=True))`,
    { imports: 'import datetime\nimport decimal' },
  ),
  'r2.py': revision(
    'r2',
    'r1',
    `op.bulk_insert(sa.table('orders', sa.column('id', sa.Integer), sa.column('Note %s', sa.Text)),
    [{'id': n, 'Note %s': '%d%% "quoted" \\'it\\' \\\\ ü' % n} for n in range(9, 60)])
op.get_bind().execute(sa.text('update orders set "Note %s" = :note where id = :id'),
    [{'note': 'many %', 'id': 11}, {'note': None, 'id': 12}])
op.execute("insert into orders (id, \\"Note %s\\") values (70, '100%'); insert into orders (id) values (71)")
op.execute(sa.text("select set_config('some.thing', '5', true)"))
op.execute("select count(*) from orders")`,
  ),
  'r3.py': revision(
    'r3',
    'r2',
    `op.execute('''create function touch() returns trigger language plpgsql as $$
begin new."Note %s" := coalesce(new."Note %s", '%s; none'); return new; end $$''')
op.execute('create trigger touched before update on orders for each row execute function touch()')
op.execute("do $body$ begin for n in 100..102 loop insert into orders (id) values (n); end loop; end $body$")
op.execute('update orders set placed = placed where id > 99')
op.alter_column('orders', 'id', type_=sa.BigInteger)
op.create_foreign_key('to_orders', 'Line "Item"', 'orders', ['id'], ['id'], deferrable=True, initially='DEFERRED')
op.execute(sa.text('insert into "Line ""Item""" (id) values (:id)').bindparams(id=10))`,
  ),
  'r4.py': revision(
    'r4',
    'r3',
    `op.add_column('Line "Item"', sa.Column('more', sa.Text, comment="after ; -- deferred checks"))
op.execute("update \\"Line \\"\\"Item\\"\\"\\" set id = 70 where id = 9")`,
  ),
}

const drivers = ['psycopg', 'psycopg2'] as const

test.each(drivers)('sends others what two tenants were sent, and they end as in Python: %s', async driver => {
  const url = `postgresql+${driver}://u@h/d`
  const how = { count: driver === 'psycopg' ? 12 : 4, parts: { revisions: exact, url }, baseline }
  const migrate = { from: ['r0'] }
  let visits = 0
  const work = { isOver: false }
  const application = visit(`${driver}_auto_3`, work, () => {
    visits += 1
  })
  // The application's database has to be there before it connects.
  const replayed = await migrateFleet(bench, {
    ...how,
    name: `${driver}_auto`,
    migrate,
    prepare: async () => application.begin(),
  })
  work.isOver = true
  await application.ended()
  const online = await migrateFleet(bench, {
    ...how,
    name: `${driver}_never`,
    migrate,
    count: 2,
    replay: 'never',
  })
  expect(Object.values(replayed.migrated).map(({ result }) => result)).toEqual(
    replayed.tenants.map(() => ({ status: 'finished', xid: expect.stringMatching(/^\d+$/) })),
  )
  expect(replayed.reasons).toEqual(['r1 replayed', 'r2 replayed', 'r3 replayed', 'r4 replayed'])
  expect(replayed.judgements.filter(one => one.covers === 'tenant')).toEqual([])
  expect(replayed.replayed).toHaveLength(how.count - 2)
  expect(visits).toBeGreaterThan(0)
  const [python] = online.tenants
  const seen = online.migrated[python ?? '']
  const rows = withoutTimes(await readRows(bench, python ?? ''))
  for (const tenant of replayed.tenants) {
    const { inspection, statements, revisions } = replayed.migrated[tenant] ?? {}
    expect(inspection?.fingerprint).toBe(seen?.inspection?.fingerprint)
    expect(inspection?.heads).toEqual(['r4'])
    expect(revisions).toEqual(['r1', 'r2', 'r3', 'r4'])
    expect(statements?.map(({ revision: of, index, sql }) => [of, index, sql])).toEqual(
      seen?.statements.map(({ revision: of, index, sql }) => [of, index, sql]),
    )
    expect(withoutTimes(await readRows(bench, tenant))).toEqual(rows)
  }
})

/** What an application wrote meanwhile, and when a row was made, is its own. */
const withoutTimes = (rows: readonly string[]): readonly string[] =>
  rows
    .filter(row => !row.startsWith('public.visits'))
    .map(row => row.replace(/"20\d\d-\d\d-\d\d \d\d:[^"]*"/, 'then'))

/** An application that writes into a database for as long as it is wanted. */
function visit(database: string, work: { isOver: boolean }, onVisit: () => void) {
  let running: Promise<void> = Promise.resolve()
  return {
    begin: () => {
      running = (async () => {
        const client = await bench.sandbox.connect(database, bench.sandbox.primary, fleetOwner)
        for (let n = 0; !work.isOver; n += 1) {
          await client.query('insert into visits values ($1)', [n])
          onVisit()
        }
        await client.end()
      })()
    },
    ended: () => running,
  }
}

test('runs a tenant in Python whose session is unlike the recorded one, and refuses one that has moved', async () => {
  const fleet = await migrateFleet(bench, {
    ...{ name: 'unlike', count: 6, baseline, migrate: { from: ['r0'] } },
    parts: {
      revisions: { 'r0.py': first, 'r1.py': revision('r1', 'r0', `op.execute('create table t (n int)')`) },
    },
    async prepare(tenants) {
      // The last ones: the first four are under way before anything is known.
      await bench.sandbox.query(`alter database "${tenants[5]}" set datestyle to 'SQL, DMY'`)
      await bench.sandbox.query("update alembic_version set version_num = 'r9'", tenants[4])
    },
  })
  const [, , third = '', , fifth = '', sixth = ''] = fleet.tenants
  expect(fleet.replayed).not.toContain(fifth)
  expect(fleet.replayed).not.toContain(sixth)
  expect(fleet.migrated[third]?.result.status).toBe('finished')
  expect(fleet.migrated[sixth]?.result.status).toBe('finished')
  expect(fleet.migrated[fifth]?.result).toEqual({
    status: 'rolled_back',
    failure: {
      kind: 'migration_failed',
      tenant: fifth,
      revision: 'r1',
      message: 'the version table holds r9, and the plan begins at r0',
    },
  })
  expect(fleet.judgements.filter(one => one.covers === 'tenant').map(one => one.difference)).toEqual([
    'its settings are others',
  ])
})

test('a tenant that fails in a replay says what it says in Python, and leaves nothing', async () => {
  const parts = {
    revisions: {
      'r0.py': first,
      'r1.py': revision(
        'r1',
        'r0',
        `op.execute('create table before (n int)')
op.create_unique_constraint('one_n', 'visits', ['n'])
op.execute(sa.text("insert into orders (id) values (:id)").bindparams(id=4))
op.execute('create table after (n int)')`,
      ),
    },
  }
  const spoil = async (tenants: readonly string[]): Promise<void> => {
    await bench.sandbox.query('insert into visits values (7), (7)', tenants[4])
    await bench.sandbox.query("insert into orders values (4, 'taken')", tenants[5])
    await bench.sandbox.query('drop table visits', tenants[6])
  }
  const common = { count: 7, parts, baseline, prepare: spoil }
  const gid = { migrate: { from: ['r0'] } }
  const replayed = await migrateFleet(bench, { ...common, ...gid, name: 'failing' })
  const online = await migrateFleet(bench, {
    ...common,
    ...gid,
    name: 'failing',
    replay: 'never',
    suffix: '_online',
  })
  const failureOf = (fleet: MigratedFleet, place: number): unknown => {
    const result = fleet.migrated[fleet.tenants[place] ?? '']?.result
    if (result?.status !== 'rolled_back') return result?.status
    return JSON.parse(JSON.stringify(result.failure).replaceAll('_online', ''))
  }
  expect(replayed.replayed).toEqual(expect.arrayContaining(replayed.tenants.slice(4)))
  for (const [place, sqlstate] of [
    [4, '23505'],
    [5, '23505'],
    [6, '42P01'],
  ] as const) {
    expect(failureOf(replayed, place)).toMatchObject({ kind: 'migration_failed', revision: 'r1', sqlstate })
    expect(failureOf(replayed, place)).toEqual(failureOf(online, place))
    const statements = (fleet: MigratedFleet) =>
      fleet.migrated[fleet.tenants[place] ?? '']?.statements.map(({ sql }) => sql)
    expect(statements(replayed)).toEqual(statements(online))
    const [left] = await bench.sandbox.query(
      "select to_regclass('before') as before, (select version_num from alembic_version) as version",
      replayed.tenants[place],
    )
    expect(left).toEqual({ before: null, version: 'r0' })
  }
})

test('a replay waits for locks as long as it may, and is prepared, refused or stopped as a migration in Python', async () => {
  const stop = new AbortController()
  const gids = (await bench.sandbox.query('select gid from pg_prepared_xacts')).length
  expect(gids).toBe(0)
  const fleet = await migrateFleet(bench, {
    ...{ name: 'ends', count: 8, baseline },
    parts: {
      revisions: {
        'r0.py': first,
        'r1.py': revision(
          'r1',
          'r0',
          `op.execute('create table t (n int)')\nop.add_column('orders', sa.Column('more', sa.Text))`,
        ),
      },
    },
    async prepare(tenants) {
      const holder = await bench.sandbox.connect(tenants[4])
      await holder.query('begin; lock table orders in access share mode')
    },
    migrateEach: (tenant, place) => ({
      from: ['r0'],
      gid: `lockstep:${tenant}`,
      lockTimeoutMs: 300,
      ...(place === 5 && { observer: { readyToVote: async () => 'rollback' as const } }),
      ...(place === 6 && {
        signal: stop.signal,
        observer: {
          statement: async () => stop.abort(new LockstepError({ kind: 'cancelled', reason: 'enough' })),
        },
      }),
      ...(place === 7 && {
        observer: { statement: async () => Promise.reject(new Error('the log is full')) },
      }),
    }),
  })
  const results = fleet.tenants.map(tenant => fleet.migrated[tenant]?.result)
  expect(results.slice(0, 4)).toEqual(Array(4).fill({ status: 'finished', xid: expect.any(String) }))
  expect(results[4]).toMatchObject({
    status: 'rolled_back',
    failure: { sqlstate: '55P03', revision: 'r1', line: 12 },
  })
  expect(results[5]).toEqual({
    status: 'rolled_back',
    failure: { kind: 'cancelled', reason: 'the vote was no' },
  })
  expect(results[6]).toEqual({ status: 'rolled_back', failure: { kind: 'cancelled', reason: 'enough' } })
  expect(results[7]).toMatchObject({ status: 'rolled_back', failure: { kind: 'internal' } })
  expect(fleet.replayed).toEqual(expect.arrayContaining(fleet.tenants.slice(4)))
  const prepared = await bench.sandbox.query('select gid, database from pg_prepared_xacts order by gid')
  expect(prepared.map(row => row.database)).toEqual(fleet.tenants.slice(0, 4))
  for (const { gid, database } of prepared)
    await bench.sandbox.query(`rollback prepared '${gid}'`, String(database))
})
