import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import { findConflicts } from '../../../electron/engine/conflicts/find-conflicts.ts'
import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import {
  describeTenant,
  type EngineFixture,
  eventsOf,
  never,
  openEngineFixture,
} from '../../support/engine-fixture.ts'
import { observed } from '../gates/fake-context.ts'
import { stepOf } from '../lint/lint-fixture.ts'
import { makePlanned, makeTenant } from '../sample-plans.ts'
import { brief } from './conflict-fixture.ts'

let fixture: EngineFixture

const schema = `
create type mood as enum ('sad', 'ok');
create domain email as text check (value like '%@%');
create table customers (id bigint primary key, address email, feeling mood default 'ok');
create table orders (
  id int primary key, customer bigint references customers, total int, note varchar(20), doubled int generated always as (total * 2) stored,
  constraint orders_total_check check (total > 0));
create unique index orders_note_idx on orders (note);
create view order_totals as select total from orders;
create materialized view order_notes as select note from orders;
create function stamp() returns trigger language plpgsql as $$begin return new; end$$;
create function sum_up() returns bigint begin atomic select sum(id) from orders; end;
create trigger stamp before update of customer on orders for each row execute function stamp();
create policy mine on orders using (customer = 1);
create sequence numbers;
create schema app;
create table app."Odd Name" (id int, "Other" text);
create table parts (id int, day date) partition by range (day);
create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
`

beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch', 'cedar'] })
  await fixture.sandbox.query(schema, 'acorn')
})

afterAll(() => fixture.close())

/** What is found when one tenant would run this. */
function search(sql: string): Promise<readonly PlanFinding[]> {
  return fixture.withPorts(async ports => {
    const plan = makePlanned({
      routes: [{ id: 'from-0001', from: ['0001'], to: ['0002'], steps: [await stepOf('0002', sql)] }],
      groups: [
        { name: 'all', wave: 1, mode: 'atomic', modeReason: '', parallel: 4, tenants: [makeTenant('acorn')] },
      ],
    })
    const topology = {
      clusters: [{ name: 'main', primary: observed(fixture.sandbox.primary.name, null), standbys: [] }],
      tenants: [describeTenant('acorn')],
    }
    const graph = {
      source: 'sql',
      revisions: [],
      bases: [],
      heads: ['0002'],
      origin: { folder: '', interpreter: null },
    } as const
    return findConflicts({ plan, graph, topology }, ports, never)
  })
}

/** What the server says to it; nothing of it stays. */
async function attempt(sql: string): Promise<string | null> {
  try {
    await fixture.sandbox.query(`begin; ${sql}; rollback`, 'acorn')
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const failing = [
  'create table orders (x int)',
  'create table orders_note_idx (x int)',
  'create index orders_note_idx on customers (id)',
  'create view orders as select 1',
  'create sequence numbers',
  "create type mood as enum ('x')",
  "create type orders as enum ('x')",
  'create table mood (x int)',
  'create schema app',
  'alter table orders add column total int',
  'alter table orders add constraint orders_total_check check (id > 0)',
  'alter table orders add constraint orders_note_idx unique (total)',
  "alter type mood add value 'ok'",
  'alter table gone add column x int',
  'alter table app."Odd Name" drop column other',
  'alter table orders drop constraint gone',
  'alter table orders rename column gone to x',
  'alter table orders rename column note to total',
  'alter table orders rename to customers',
  'alter index gone rename to x',
  'drop index gone',
  'drop table gone',
  'drop view gone',
  'drop type gone',
  'drop trigger gone on orders',
  'drop policy gone on orders',
  'create index x on orders (gone)',
  'alter table orders add foreign key (total) references gone (id)',
  'alter table customers add foreign key (id) references orders (gone)',
  'insert into gone values (1)',
  'create view v as select * from gone',
  'create table parts_2027 partition of gone for values in (1)',
  'drop table customers',
  'drop table orders',
  'alter table orders drop column total',
  'alter table orders drop column note',
  'alter table orders alter column total type bigint',
  'alter table orders alter column note type text',
  'alter table orders alter column customer type int',
  'alter table orders alter column id type bigint',
  'drop type mood',
  'drop domain email',
  'alter table orders drop column customer',
]

const working = [
  'create table if not exists orders (id int)',
  'create table app.orders (x int)',
  'create view app.order_totals as select 1',
  "alter type mood add value if not exists 'ok'",
  'alter table app."Odd Name" drop column "Other"',
  'alter table orders drop constraint orders_total_check',
  'alter table orders drop constraint orders_pkey; alter table orders add constraint orders_pkey primary key (id)',
  'alter table orders rename to sales; alter table sales rename column note to remark; alter table sales add column note text',
  'drop view order_totals; drop materialized view order_notes; alter table orders drop column doubled; alter table orders alter column total type bigint; alter table orders alter column note type text',
  'drop trigger stamp on orders; drop policy mine on orders; alter table orders alter column customer type int',
  'drop function sum_up(); drop view order_totals; drop materialized view order_notes; drop table orders',
  'drop table orders, customers cascade',
  'alter table orders drop column total cascade',
  'alter table customers alter column feeling drop default, drop column feeling; drop type mood',
  'alter table customers alter column address type text; drop domain email',
  'create table a (id serial primary key, x int unique); drop index if exists b; alter table a drop constraint a_pkey; alter table a drop constraint a_x_key',
  'create temp table orders (x int); alter table orders drop column x; drop table orders',
  "create table parts_2027 partition of parts for values from ('2027-01-01') to ('2028-01-01'); drop table parts_2026",
  'alter table parts add column x int; alter table parts_2026 alter column x set default 1',
  "create type colour as enum ('red'); alter type colour add value 'blue'",
  'set search_path = app; alter table "Odd Name" add column x int',
  "do $$begin execute 'create table later (x int)'; end$$; alter table later add column y int",
  'alter table customers alter column id type bigint',
  'create unlogged table u (like orders including all); alter table u drop column note; create index on u (total)',
]

describe('what the search is certain of', () => {
  it.each(failing)('is what the server refuses: %s', async sql => {
    const found = (await search(sql)).filter(({ severity }) => severity === 'error')
    expect(await attempt(sql)).not.toBeNull()
    expect(found.map(brief)).not.toEqual([])
  })

  it.each(working)('is not what the server does: %s', async sql => {
    expect(await attempt(sql)).toBeNull()
    const found = (await search(sql)).filter(({ severity }) => severity === 'error')
    expect(found.map(brief)).toEqual([])
  })
})

describe('a fleet that has drifted', () => {
  it('is told what will fail where, before anything runs, and is stopped by the gate', async () => {
    await fixture.reset()
    await fixture.sandbox.query('alter table users add column nickname text', 'birch')
    await fixture.sandbox.query('alter table users alter column email type varchar(50)', 'cedar')
    fixture.addMigrations({
      '0003_nickname.up.sql':
        'create table notes (id int);\n\nalter table users add column nickname text;\nalter table users alter column email set not null;\n',
    })
    const preview = await fixture.withPorts((ports, project) =>
      previewPlan(project, ports, { target: [], tenants: [] }, never),
    )
    const found = preview.analysis.findings.filter(({ source }) => source === 'conflict')
    expect(found.map(one => `${one.place?.file}:${one.place?.line} ${brief(one)}`)).toMatchInlineSnapshot(`
      [
        "migrations/0003_nickname.up.sql:3 error already_exists: the statement makes column public.users.nickname, which is there already [birch]",
        "migrations/0002_email.up.sql:1 warning differs_from_main: column public.users.email is "character varying(50)" here and "text" in most tenants [cedar]",
      ]
    `)
    const before = await fixture.read()
    const run = await fixture.run({ gates: ['revision_graph', 'conflicts'] })
    expect(run).toMatchObject({ outcome: 'stopped_by_gate', exitCode: 3 })
    const judged = eventsOf(run.events, 'gate.judged').find(({ gate }) => gate === 'conflicts')
    expect(judged?.answer.verdict).toBe('failed')
    expect(await fixture.read()).toEqual(before)
    expect((await fixture.run({ gates: ['revision_graph', 'conflicts'], tenants: ['acorn'] })).outcome).toBe(
      'migrated',
    )
  })
})
