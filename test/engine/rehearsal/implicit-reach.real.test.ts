import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import type { RouteRehearsal } from '../../../shared/analysis/rehearsal.ts'
import { type EngineFixture, never, openEngineFixture, type Settings } from '../../support/engine-fixture.ts'

let fixture: EngineFixture

beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'] })
  const { sandbox } = fixture
  await sandbox.query('create role mig login createdb')
  await sandbox.query('create database central')
  await sandbox.query('create sequence gid; create table audit (what text)', 'central')
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

const settings: Settings = { gates: { replica_lag: { requireStandbys: false } } }

interface Seen {
  readonly route: RouteRehearsal | null
  readonly kind: string | null
  readonly notRehearsed: string
}

async function rehearse(sql: string, more: Settings = {}): Promise<Seen> {
  fixture.addMigrations({ '0002_email.up.sql': sql })
  const { analysis } = await fixture.withPorts(
    (ports, project) => previewPlan(project, ports, { target: [], tenants: [], rehearse: 'anew' }, never),
    { ...settings, ...more },
  )
  const { rehearsal, notRehearsed } = analysis
  return {
    route: rehearsal?.routes[0] ?? null,
    kind: rehearsal?.shadow.kind ?? null,
    notRehearsed: rehearsal?.routes[0]?.notRehearsed ?? notRehearsed,
  }
}

/** What lies in the other database, and what its sequence has given out. */
async function readCentral(): Promise<unknown> {
  return fixture.sandbox.query(
    'select (select count(*) from audit)::int as rows, last_value::int, is_called from gid',
    'central',
  )
}

async function onEvery(sql: string): Promise<void> {
  for (const tenant of fixture.tenants) await fixture.sandbox.query(sql, tenant)
}

/** Functions that reach the other database, for any caller. */
function reaching(): string {
  const { host, port } = fixture.sandbox.primary
  const { password } = fixture.sandbox.superuser
  const place = `host=${host} port=${port} user=postgres password=${password} dbname=central`
  return `
    create extension dblink;
    create function next_gid() returns bigint language sql volatile security definer as
      $$ select id from public.dblink('${place}', 'select nextval(''gid'')') t(id bigint) $$;
    create function q_audit(what text) returns boolean language plpgsql immutable security definer as
      $$ begin perform "dblink_exec"('${place}', 'insert into audit values (''x'')'); return true; end $$;
    create table t2 (id int, name text);
    insert into t2 values (1, 'a'), (2, 'b');`
}

describe('what a statement runs without naming it reaches no other database', () => {
  test.each([
    [
      'the default of a column',
      'create table things (id bigint default next_gid(), name text)',
      "insert into things (name) values ('one')",
    ],
    [
      'a rule',
      "create rule r as on insert to t2 do also select q_audit('rule')",
      "insert into t2 values (3, 'c')",
    ],
    ['a view', 'create view v_gid as select next_gid() as id', 'create table n as select id from v_gid'],
    [
      'a view over a view',
      'create view v_gid as select next_gid() as id; create view over as select id from v_gid',
      'create materialized view mm as select id from over',
    ],
    [
      'a materialized view that a copy would fill',
      'create materialized view mm as select next_gid() as id',
      'alter table users add phone text',
    ],
    [
      'a constraint',
      'alter table t2 add constraint c check (q_audit(name)) not valid',
      "insert into t2 values (3, 'c')",
    ],
    [
      'a domain',
      'create domain checked as text check (q_audit(value))',
      "create table n (a checked); insert into n values ('x')",
    ],
    ['a quoted name in a body', '', "select q_audit('a')"],
    [
      'a policy',
      'create policy p on t2 using (q_audit(name)); alter table t2 enable row level security; alter table t2 force row level security',
      'update t2 set id = 3',
    ],
    [
      'an index on an expression',
      'create table e (a text); create index on e (q_audit(a))',
      "insert into e values ('x')",
    ],
    [
      'a key that cascades to a table with a trigger',
      `create table parent (id int primary key); create table kid (id int references parent on delete cascade);
       insert into parent values (1); insert into kid values (1);
       create function tell() returns trigger language plpgsql as $$ begin perform q_audit('kid'); return null; end $$;
       create trigger tell after delete on kid for each row execute function tell()`,
      'delete from parent',
    ],
    [
      'an operator',
      'create function same(a text, b text) returns boolean language sql as $$ select q_audit(a) $$; create operator === (procedure = same, leftarg = text, rightarg = text)',
      "select 'a'::text === 'b'::text",
    ],
    [
      'an aggregate',
      'create function add_up(a boolean, b text) returns boolean language sql as $$ select q_audit(b) $$; create aggregate told (text) (sfunc = add_up, stype = boolean)',
      'select told(name) from t2',
    ],
    [
      'what the route defines',
      '',
      "create view w as select q_audit('x') as a; create table n as select * from w",
    ],
  ])('%s', async (_what, setup, sql) => {
    await onEvery(reaching())
    if (setup !== '') await onEvery(setup)
    const before = await readCentral()
    const { route, notRehearsed } = await rehearse(`${sql};`)
    expect(await readCentral()).toEqual(before)
    expect(notRehearsed).toContain('reaches beyond the database')
    expect(notRehearsed).toContain('opens a session on another database')
    expect(route?.statements ?? []).toEqual([])
  })

  test('for an ordinary role, while an application writes', async () => {
    await onEvery(reaching())
    await onEvery('create table things (id bigint default next_gid(), name text)')
    await onEvery(ownEverything)
    const before = await readCentral()
    const { notRehearsed } = await whileWriting(() =>
      rehearse("insert into things (name) values ('one');", { servers: [asOrdinaryRole()] }),
    )
    expect(await readCentral()).toEqual(before)
    expect(notRehearsed).toContain('runs the default of id of public.things')
  })
})

test('an ordinary database with defaults, checks, views, policies and triggers is rehearsed on its own server', async () => {
  await onEvery(`
    create sequence numbers;
    create domain email as text check (value ~ '@' and length(value) < 200);
    create function is_fine(a text) returns boolean language plpgsql immutable as $$ begin return a <> ''; end $$;
    create function touch() returns trigger language plpgsql as $$ begin new.changed = now(); return new; end $$;
    create table orders (id bigint default nextval('numbers'), key uuid default gen_random_uuid(),
      customer int references users (id) on delete cascade, mail email, note text check (is_fine(note)),
      total numeric generated always as (1.5 * 2) stored, changed timestamptz default clock_timestamp());
    create index on orders (lower(note)) where note is not null;
    create trigger touch before update on orders for each row when (old.note is distinct from new.note) execute function touch();
    create view open_orders as select id, note, upper(note) as loud from orders where is_fine(note);
    create materialized view totals as select count(*) as n, string_agg(note, ',') as notes from open_orders;
    create rule keep as on delete to orders where old.note = 'keep' do instead nothing;
    create policy own on orders using (coalesce(current_setting('app.customer', true), '') is not null);
    alter table orders enable row level security;
    insert into orders (customer, mail, note) values (1, 'a@b', 'x')`)
  await onEvery(ownEverything)
  for (const tenant of fixture.tenants) await fixture.sandbox.query(`alter database ${tenant} owner to mig`)
  const sql = `insert into orders (customer, mail, note) select id, 'c@d', 'y' from users;
    update orders set note = 'z'; delete from users where id = 2;
    create table report as select * from open_orders;
    refresh materialized view totals;`
  const { route, kind, notRehearsed } = await rehearse(sql, { servers: [asOrdinaryRole()] })
  expect(notRehearsed).toBe('')
  expect(route).toMatchObject({ problem: null, beyond: { changes: [] } })
  expect(route?.notRehearsed).toBeUndefined()
  expect(kind).toBe('template')
  expect(route?.vote).toMatchObject({ verdict: 'prepared' })
})

const ownEverything = `do $$ declare r record; begin
  for r in select c.oid::regclass as name, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_|information_schema' and c.relkind in ('r', 'v', 'm') loop
    execute format('alter %s %s owner to mig',
      case r.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, r.name);
  end loop;
  for r in select n.nspname from pg_namespace n where n.nspname !~ '^pg_|information_schema' loop
    execute format('alter schema %I owner to mig', r.nspname);
  end loop;
  for r in select p.oid::regprocedure as name from pg_proc p where p.proname in ('is_fine', 'touch') loop
    execute format('alter function %s owner to mig', r.name);
  end loop;
  for r in select c.oid::regclass as name from pg_class c where c.relname = 'numbers' loop
    execute format('alter sequence %s owner to mig', r.name);
  end loop;
  for r in select 1 from pg_type where typname = 'email' loop alter domain email owner to mig; end loop;
end $$`

function asOrdinaryRole(): Settings {
  const { name, host, port } = fixture.sandbox.primary
  return { name, role: 'primary', host, port, user: 'mig' }
}

/** An application stays connected and writes until the work is done. */
async function whileWriting<T>(work: () => Promise<T>): Promise<T> {
  let isOver = false
  let id = 1_000
  const [tenant = ''] = fixture.tenants
  const writing = (async () => {
    do {
      id += 1
      await fixture.sandbox.query(`insert into users values (${id}, 'w${id}@example.org')`, tenant)
    } while (!isOver)
  })()
  try {
    return await work()
  } finally {
    isOver = true
    await writing
    expect(id).toBeGreaterThan(1_000)
  }
}
