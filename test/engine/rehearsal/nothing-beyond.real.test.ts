import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import type { RouteRehearsal } from '../../../shared/analysis/rehearsal.ts'
import { type EngineFixture, never, openEngineFixture, type Settings } from '../../support/engine-fixture.ts'

let fixture: EngineFixture

beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'] })
  await fixture.sandbox.query('create role app31 login')
  await fixture.sandbox.query('create role rep2 nologin')
  await fixture.sandbox.query('create role old31 nologin')
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

const settings: Settings = { gates: { replica_lag: { requireStandbys: false } } }

interface Seen {
  readonly route: RouteRehearsal | null
  readonly kind: string | null
  readonly notRehearsed: string
}

async function rehearse(files: Readonly<Record<string, string>>, more: Settings = {}): Promise<Seen> {
  fixture.addMigrations(files)
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

/** Everything that all databases share, read past the product. */
async function readServer(): Promise<string> {
  const rows = await fixture.sandbox.query(
    `select (select jsonb_agg(to_jsonb(r) order by rolname) from pg_authid r)
       || (select jsonb_agg(to_jsonb(m) order by m::text) from pg_auth_members m)
       || coalesce((select jsonb_agg(to_jsonb(s) order by s::text) from pg_db_role_setting s), '[]')
       || coalesce((select jsonb_agg(to_jsonb(c) order by c::text) from pg_shdescription c), '[]')
       || (select jsonb_agg(jsonb_build_array(datname, datdba, datacl, datconnlimit) order by datname) from pg_database)
       || coalesce((select jsonb_agg(to_jsonb(f) order by f::text) from pg_file_settings f), '[]')
       || coalesce((select jsonb_agg(slot_name) from pg_replication_slots), '[]') as server`,
  )
  return JSON.stringify(rows)
}

const leak = `do $$ begin
  if not exists (select from pg_roles where rolname = 'reporting') then create role reporting nologin; end if;
end $$;
alter role rep2 set statement_timeout = '5s';
alter role app31 nologin;
grant rep2 to app31;
drop role old31;
comment on role rep2 is 'reports';`

describe('a rehearsal changes nothing outside its copy', () => {
  test('runs what changes roles in a server of our own', async () => {
    const before = await readServer()
    const { route, kind } = await rehearse({ '0002_email.up.sql': leak })
    expect(kind).toBe('sandbox')
    expect(route).toMatchObject({ problem: null, beyond: { changes: [], unread: [] } })
    expect(route?.statements.length).toBe(6)
    expect(await readServer()).toBe(before)
  })

  test.each([
    ['alter system', { '0002_email.up.sql': "alter system set work_mem = '9MB';" }],
    ['a setting of a database', { '0002_email.up.sql': "alter database acorn set work_mem = '9MB';" }],
    ['a right to a database', { '0002_email.up.sql': 'grant connect on database acorn to app31;' }],
    ['what a function of the database does', { '0002_email.up.sql': 'select lock_out();' }],
    ['what an event trigger does', { '0002_email.up.sql': 'create table notes (id int primary key);' }],
    [
      'a downgrade that drops a role',
      {
        '0002_email.up.sql': 'create table notes (id int primary key);',
        '0002_email.down.sql': 'drop table notes; drop role old31;',
      },
    ],
  ])('contains %s', async (what, files) => {
    const [acorn = ''] = fixture.tenants
    if (what.includes('function') || what.includes('event trigger')) {
      await fixture.sandbox.query(
        'create function lock_out() returns void language plpgsql as $$ begin alter role app31 nologin; end $$',
        acorn,
      )
    }
    if (what.includes('event trigger')) {
      await fixture.sandbox.query(
        'create function on_ddl() returns event_trigger language plpgsql as $$ begin perform lock_out(); end $$',
        acorn,
      )
      await fixture.sandbox.query(
        'create event trigger on_ddl on ddl_command_end execute function on_ddl()',
        acorn,
      )
    }
    const before = await readServer()
    const { kind, route, notRehearsed } = await rehearse(files)
    // A server of our own needs the project's own revisions, or a pg_dump that knows this version.
    if (kind === 'sandbox') expect(route?.problem).toBeNull()
    else {
      expect(notRehearsed).toContain('reaches beyond the database')
      expect(route?.statements).toEqual([])
    }
    expect(await readServer()).toBe(before)
  })

  test('undoes what only shows while it runs, and says which statement it was', async () => {
    const before = await readServer()
    const hidden = `do $$ begin execute format('alter %s app31 nologin', 'ro' || 'le'); end $$;`
    const { notRehearsed } = await rehearse(
      { '0002_email.up.sql': hidden },
      { rehearsal: { where: 'server' } },
    )
    expect(notRehearsed).toContain('changed roles of the server while it ran on a copy, and was undone')
    expect(notRehearsed).toContain('(revision 0002)')
    expect(await readServer()).toBe(before)
    expect((await rehearse({}, {})).kind).toBe('sandbox')
    expect(await readServer()).toBe(before)
  })

  test.each([
    ["copy users to program 'touch /tmp/lockstep-was-here';", 'it runs a program on the server'],
    ["copy users to '/tmp/lockstep-was-here';", 'it writes a file of the server'],
    [
      "create extension dblink; select dblink_exec('dbname=birch', 'drop table users');",
      'it calls dblink_exec()',
    ],
  ])('does not rehearse what leaves the server: %s', async (sql, reason) => {
    const { route, notRehearsed } = await rehearse({ '0002_email.up.sql': sql })
    expect(route).toBeNull()
    expect(notRehearsed).toContain('reaches beyond the database')
    expect(notRehearsed).toContain(reason)
  })

  test('names what somebody else changed meanwhile, and blames nobody', async () => {
    fixture.addMigrations({ '0002_email.up.sql': 'select pg_sleep(1);' })
    const changing = (async () => {
      await waitForSleep()
      await fixture.sandbox.query('alter role app31 connection limit 7')
    })()
    const { route } = await rehearse({})
    await changing
    expect(route?.problem).toContain('by the rehearsal or by another session')
    expect(route?.beyond?.changes).toEqual(['role app31: rolconnlimit -1 -> 7'])
    await fixture.sandbox.query('alter role app31 connection limit -1')
  })
})

async function waitForSleep(): Promise<void> {
  for (;;) {
    const rows = await fixture.sandbox.query(
      "select from pg_stat_activity where query like 'select pg_sleep(1)%' and state = 'active'",
    )
    if (rows.length > 0) return
  }
}

describe('a rehearsal ends as a run does', () => {
  const notifying = [
    'create function api_reload() returns event_trigger language plpgsql as $$ begin notify api; end $$',
    'create event trigger api_reload on ddl_command_end execute function api_reload()',
  ]

  async function onEvery(statements: readonly string[]): Promise<void> {
    for (const tenant of fixture.tenants) {
      for (const sql of statements) await fixture.sandbox.query(sql, tenant)
    }
  }

  test('prepares the transaction and rolls it back', async () => {
    const { route } = await rehearse({ '0002_email.up.sql': 'alter table users add phone text;' })
    expect(route?.vote).toEqual({ verdict: 'prepared', evidence: [] })
    expect(await fixture.sandbox.query('select gid from pg_prepared_xacts')).toEqual([])
  })

  test('finds an event trigger that notifies, with the statement that fires it', async () => {
    await onEvery(notifying)
    const { route } = await rehearse({
      '0002_email.up.sql': 'update users set email = email;\nalter table users add phone text;\nselect 1;',
    })
    expect(route?.vote?.verdict).toBe('refused')
    expect(route?.vote?.evidence[0]).toContain('NOTIFY')
    expect(route?.vote?.evidence[1]).toContain('alter table users add phone text')
    expect(route?.vote?.evidence.join()).toContain(
      'fires the event trigger api_reload, which runs api_reload(), which notifies',
    )
    const run = await fixture.run({ gates: null, settings })
    expect(run).toMatchObject({ outcome: 'stopped_by_gate', exitCode: 3 })
  })

  test.each([
    [
      'a temporary table in a function',
      'create function totals() returns void language plpgsql as $$ begin create temp table k as select 1; drop table k; end $$',
      'select totals();',
      'temporary',
    ],
    [
      'a temporary table in a block',
      '',
      'do $$ begin create temp table k as select 1; drop table k; end $$;',
      'temporary',
    ],
    [
      'a notification in a function',
      "create function tell() returns void language plpgsql as $$ begin perform pg_notify('a', 'b'); end $$",
      'select tell();',
      'NOTIFY',
    ],
    ['a snapshot exported in a block', '', 'do $$ begin perform pg_export_snapshot(); end $$;', 'snapshot'],
    [
      'a lock of session and transaction',
      '',
      'select pg_advisory_lock(7);\nselect pg_advisory_xact_lock(7);',
      'session-level and transaction-level locks',
    ],
    [
      'a trigger that notifies',
      "create function tell() returns trigger language plpgsql as $$ begin perform pg_notify('jobs', ''); return null; end $$; create trigger tell after update on users for each row execute function tell()",
      "update users set email = 'x' || id;",
      'NOTIFY',
    ],
  ])('finds %s', async (_what, setup, sql, said) => {
    if (setup !== '') await onEvery(setup.split(/; (?=create)/))
    const { route } = await rehearse({ '0002_email.up.sql': `alter table users add phone text;\n${sql}` })
    expect(route?.vote?.verdict).toBe('refused')
    expect(route?.vote?.evidence[0]).toContain(said)
    expect(route?.vote?.evidence[1]).toContain(sql.split('\n').at(-1)?.slice(0, 30).replace(';', ''))
  })

  test('says what only rows would show, with the trigger that would do it', async () => {
    await onEvery([
      "create function tell() returns trigger language plpgsql as $$ begin perform pg_notify('jobs', ''); return null; end $$",
      'create trigger tell after update on users for each row execute function tell()',
      'delete from users',
    ])
    const { route } = await rehearse({ '0002_email.up.sql': "update users set email = 'x' || id;" })
    expect(route?.vote).toMatchObject({
      verdict: 'unknown',
      evidence: [
        expect.stringContaining('fires the trigger tell of public.users, which runs tell(), which notifies'),
        expect.stringContaining('met no rows'),
      ],
    })
  })
})
