import { afterAll, beforeAll, expect } from 'vitest'
import { createSchemaFacts } from '../../../electron/adapters/postgres/catalog/schema-facts.ts'
import { lintPlan } from '../../../electron/engine/lint/lint-plan.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import { type AlembicBench, openBench } from '../../adapters/alembic/support/alembic-bench.ts'
import { describeServers, describeTenant, never } from '../../adapters/postgres/sandbox-settings.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { columnType } from '../catalog-items.ts'
import { createFakeClock, defaults, observed } from '../gates/fake-context.ts'
import { digest, makePlanned, makeTenant } from '../sample-plans.ts'
import { parser } from './lint-fixture.ts'

const test = needs('python')

let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
  const { sandbox } = bench
  await sandbox.query('create database acorn')
  await sandbox.query(
    `
create table orders (id bigint primary key, note varchar(20), "When" date, total int);
create table "order" (id int primary key, code text not null);
create table events (id int, day date) partition by range (day);
create table events_old partition of events for values from ('2020-01-01') to ('2021-01-01');
insert into events select n, '2020-05-05' from generate_series(1, 3000) n;
alter table orders add constraint total_there not null total not valid;
alter table orders add constraint note_there check (note is not null) not valid;
create unique index orders_note on orders (note, lower(note)) where total > 0`,
    'acorn',
  )
  await sandbox.query('create database birch template acorn')
  await sandbox.query(
    "insert into orders select n, 'n', null, -n from generate_series(1, 150000) n; analyze",
    'birch',
  )
})
afterAll(() => bench?.close())

const facts = () => createSchemaFacts(describeServers(bench.sandbox))

async function lint(steps: readonly PlannedStep[]) {
  const plan = makePlanned({
    source: 'alembic',
    routes: [{ id: 'from-0001', from: ['0001'], to: ['0002'], steps }],
    groups: [
      {
        name: 'all',
        wave: 1,
        mode: 'atomic',
        modeReason: '',
        parallel: 4,
        tenants: [makeTenant('acorn'), makeTenant('birch')],
      },
    ],
  })
  const topology = {
    clusters: [{ name: 'main', primary: observed('primary'), standbys: [] }],
    tenants: [describeTenant('acorn'), describeTenant('birch')],
  }
  const ports = { schemaFacts: facts(), parser, digest, clock: createFakeClock() }
  return lintPlan({ plan, topology, settings: defaults.lint }, ports, never)
}

test('knows the size of every table, and of a partitioned one the sum of its partitions', async () => {
  const named = async (tenant: string) =>
    new Map((await facts().readTables(describeTenant(tenant), never)).map(table => [table.table, table]))
  const [acorn, birch] = [await named('acorn'), await named('birch')]
  expect([...acorn.keys()]).toEqual(['public."order"', 'public.events', 'public.events_old', 'public.orders'])
  expect(acorn.get('public.orders')).toMatchObject({ rows: null })
  expect(birch.get('public.orders')).toMatchObject({ rows: 150_000 })
  expect(birch.get('public.events')).toMatchObject({ rows: 3_000 })
  expect(birch.get('public.events')?.bytes).toBe(birch.get('public.events_old')?.bytes)
  expect(birch.get('public.events')?.bytes).toBeGreaterThan(100_000)
})

test('knows columns, constraints and indexes as the catalog holds them', async () => {
  const shapes = await facts().readShapes(describeTenant('acorn'), never)
  expect(shapes.find(shape => shape.table === 'public.orders')).toEqual({
    table: 'public.orders',
    kind: 'r',
    columns: [
      { name: 'id', type: columnType('bigint'), isNotNull: true },
      { name: 'note', type: columnType('character varying(20)'), isNotNull: false },
      { name: 'When', type: columnType('date'), isNotNull: false },
      { name: 'total', type: columnType('integer'), isNotNull: false },
    ],
    constraints: expect.arrayContaining([
      {
        name: 'note_there',
        kind: 'c',
        columns: ['note'],
        notNull: 'note',
        isValid: false,
      },
      expect.objectContaining({ name: 'orders_pkey', kind: 'p', columns: ['id'], isValid: true }),
    ]),
    indexes: [
      {
        name: 'orders_note',
        columns: ['note', null],
        isUnique: true,
        isValid: true,
        isWhole: false,
        method: 'btree',
      },
      { name: 'orders_pkey', columns: ['id'], isUnique: true, isValid: true, isWhole: true, method: 'btree' },
    ],
  })
})

const source = `"""careless"""
from alembic import op
import sqlalchemy as sa

revision = '0002'
down_revision = None


def upgrade():
    op.add_column('orders', sa.Column('code', sa.Text()))
    op.create_index(
        'orders_code',
        'orders',
        ['code'],
    )
    # lockstep: allow drop_column: nobody reads it
    # since the spring
    op.drop_column('orders', 'total')
    op.drop_column(  # lockstep: allow drop_column: nor this one
        'orders',
        'When',
    )
    for name in ('a', 'b'):
        add(name)
    op.execute("""
        -- lockstep: allow truncate_table: it holds nothing of worth
        truncate "order";
        update orders set note = ''
    """)
    op.execute('vacuum full orders')
    with op.batch_alter_table('orders') as batch:
        batch.alter_column('note', nullable=False)
    with op.get_context().autocommit_block():
        op.create_index('orders_x', 'orders', ['note'], postgresql_concurrently=True)
    # lockstep: allow drop_table


def add(name):
    op.add_column('orders', sa.Column(name, sa.Text(), unique=name == 'b'))


def downgrade():
    pass
`

test('weighs what Alembic renders by the largest tenant, and says which line of the file it is', async () => {
  const { source: alembic, close } = await bench.project({ revisions: { '0002_careless.py': source } })
  const steps = await alembic.planSteps([], ['0002'], never)
  expect(await alembic.planSteps([], ['0002'], never)).toEqual(steps)
  const lines = source.split('\n')
  const found = await lint(steps)
  const shown = found
    .filter(({ severity, waived }) => severity !== 'note' || waived)
    .map(({ rule, severity, place, waived }) => {
      const text = lines[(place?.line ?? 0) - 1]?.trim()
      return `${severity} ${rule} | ${text}${waived ? ` | ${waived.reason}` : ''}`
    })
  expect(shown).toMatchInlineSnapshot(`
    [
      "error index_without_concurrently | op.create_index(",
      "warning drop_column | op.drop_column('orders', 'total') | nobody reads it",
      "warning drop_column | op.drop_column(  # lockstep: allow drop_column: nor this one | nor this one",
      "error unique_constraint_without_index | op.add_column('orders', sa.Column(name, sa.Text(), unique=name == 'b'))",
      "warning truncate_table | op.execute(""" | it holds nothing of worth",
      "error update_without_where | op.execute("""",
      "error vacuum_full | op.execute('vacuum full orders')",
      "error set_not_null_without_check | with op.batch_alter_table('orders') as batch:",
      "error waiver_without_reason | # lockstep: allow drop_table",
    ]
  `)
  expect(new Set(found.map(finding => finding.place?.file))).toEqual(
    new Set(['migrations/versions/0002_careless.py']),
  )
  const moved = source.replace('def upgrade', '\n\n# moved\ndef upgrade')
  const other = await bench.project({ revisions: { '0002_careless.py': moved } })
  const again = await lint(await other.source.planSteps([], ['0002'], never))
  expect(again.map(finding => finding.fingerprint)).toEqual(found.map(finding => finding.fingerprint))
  expect(again.map(finding => finding.place?.line)).toEqual(
    found.map(finding => (finding.place?.line == null ? null : finding.place.line + 3)),
  )
  await other.close()
  await close()
}, 60_000)
