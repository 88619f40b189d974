import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import type { Shadow, ShadowRequest } from '../../../electron/engine/ports/shadows.ts'
import { describeTenant, EngineFixture, never, type Settings } from '../../support/engine-fixture.ts'
import { needs } from '../../support/needs.ts'
import { serverOf } from '../../support/postgres-versions.ts'

/** Everything of a tenant that runs code when rows arrive or the schema changes; all of it lowers a limit of the role `v_login`. */
const code = `
create function lower_limit() returns boolean language plpgsql volatile as
  $$ begin alter role v_login connection limit 5; return true; end $$;
create function on_row() returns trigger language plpgsql as
  $$ begin perform lower_limit(); if tg_when = 'AFTER' then return null; end if; return new; end $$;
create table usual (id int primary key, note text);
create table always (id int primary key);
create table onreplicas (id int primary key);
create table switchedoff (id int primary key);
create table ruled (id int);
create table parted (id int, day date) partition by range (day);
create table parted_1 partition of parted for values from ('2020-01-01') to ('2030-01-01');
create table parted_2 (day date, id int);
insert into usual values (1, 'a'), (2, 'b');
insert into always values (1); insert into onreplicas values (1); insert into switchedoff values (1);
insert into ruled values (1);
insert into parted values (1, '2024-01-01');
create trigger b before insert on usual for each row execute function on_row();
create trigger s after insert on usual for each statement execute function on_row();
create constraint trigger late after insert on usual deferrable initially deferred for each row execute function on_row();
create trigger a after insert on always for each row execute function on_row();
alter table always enable always trigger a;
create trigger r after insert on onreplicas for each row execute function on_row();
alter table onreplicas enable replica trigger r;
create trigger o after insert on switchedoff for each row execute function on_row();
alter table switchedoff disable trigger o;
create rule heard as on insert to ruled do also select lower_limit();
create rule deaf as on insert to ruled do also select 1;
alter table ruled disable rule deaf;
create trigger p after insert on parted for each row execute function on_row();
alter table parted attach partition parted_2 for values from ('2030-01-01') to ('2040-01-01');
insert into parted_2 select '2031-01-01', 2 where false;
alter table parted_1 disable trigger p;
alter table only parted enable always trigger p;
`
/** The rows of the version table come along without any other row. */
const onVersions = 'create trigger v after insert on lockstep_version for each row execute function on_row()'

/** Event triggers, which a copy has only where a superuser makes it. */
const onEvents = `create function on_ddl() returns event_trigger language plpgsql as
    $$ begin perform lower_limit(); end $$;
  create event trigger on_ddl on ddl_command_end execute function on_ddl();
  create event trigger on_end on ddl_command_end execute function on_ddl();
  alter event trigger on_end enable always`

/** Who is switched on, and how. */
const selectEnabled = `select coalesce(jsonb_agg(jsonb_build_array(what, state) order by what), '[]') from (
  select tgrelid::regclass || '.' || tgname, tgenabled::text from pg_trigger t
  where not exists (select from pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't')
  union all select ev_class::regclass || '.' || rulename, ev_enabled::text from pg_rewrite where ev_class >= 16384
  union all select evtname, evtenabled::text from pg_event_trigger
) found(what, state)`

describe.each(['14', '15'] as const)(
  'making a copy on PostgreSQL %s while sessions are connected',
  version => {
    const it = needs('older postgres', 'pg_dump')
    const server = serverOf(version)
    let fixture: EngineFixture

    beforeAll(async () => {
      fixture = new EngineFixture(server(), ['spare'], async () => undefined)
      await fixture.prepare()
      await fixture.sandbox.query('create role mig login createdb createrole; create role v_login')
    })
    afterAll(() => {
      if (fixture) rmSync(fixture.folder, { recursive: true, force: true })
    })

    const settingsOf = (user: string, more: Settings): Settings => {
      const { name, host, port } = fixture.sandbox.primary
      return {
        servers: [{ name, role: 'primary', host, port, user }],
        tenants: { databases: ['acorn'] },
        groups: [],
        gates: { replica_lag: { requireStandbys: false } },
        ...more,
      }
    }

    /** Brings the tenant to the first revision, gives it code, and lends it while somebody is connected. */
    const whileConnected = async <T>(user: string, setup: string, use: () => Promise<T>): Promise<T> => {
      await fixture.reset()
      await fixture.sandbox.query('drop database if exists acorn with (force)')
      await fixture.sandbox.query(`create database acorn owner ${user}`)
      expect(await fixture.run({ settings: settingsOf(user, {}), target: ['0001'] })).toMatchObject({
        failure: null,
      })
      await fixture.sandbox.query(`set role ${user}; ${setup}`, 'acorn')
      await fixture.sandbox.query('alter role v_login connection limit 77')
      const application = await fixture.sandbox.connect('acorn')
      try {
        return await use()
      } finally {
        await application.end()
      }
    }

    const copying = <T>(
      user: string,
      request: Pick<ShadowRequest, 'data' | 'where'>,
      use: (shadow: Shadow) => Promise<T>,
    ) =>
      fixture.withPorts(
        ports =>
          ports.shadows.withShadow(
            { tenant: describeTenant('acorn'), onLeft: () => undefined, ...request },
            use,
            never,
          ),
        settingsOf(user, {}),
      )

    const ask = async (sql: string, database?: string): Promise<unknown> =>
      Object.values((await fixture.sandbox.query(`select (${sql}) as answer`, database))[0] ?? {})[0]
    const readLimit = () => ask("select rolconnlimit from pg_roles where rolname = 'v_login'")

    it.each([
      ['mig', 'sample'],
      ['mig', 'full'],
      ['postgres', 'sample'],
    ] as const)(
      'fires nothing while rows are copied as %s (%s), and leaves everything switched on as the tenant has it',
      async (user, data) => {
        const more = user === 'postgres' ? onEvents : ''
        await whileConnected(user, `${code} ${onVersions}; ${more}`, () =>
          copying(user, { data, where: 'server' }, async ({ tenant, description }) => {
            expect(description).toMatchObject({ kind: 'dump', data })
            expect(await readLimit()).toBe(77)
            expect(await ask(selectEnabled, tenant.database)).toEqual(await ask(selectEnabled, 'acorn'))
            for (const table of ['usual', 'always', 'onreplicas', 'ruled', 'parted', 'lockstep_version']) {
              const count = `select count(*)::int from ${table}`
              expect(await ask(count, tenant.database), table).toBe(await ask(count, 'acorn'))
            }
          }),
        )
      },
    )

    it('fires nothing for the rows of the version table, which always come along', async () => {
      await whileConnected('mig', `${code} ${onVersions}`, () =>
        copying('mig', { data: 'schema', where: 'server' }, async ({ tenant }) => {
          expect(await readLimit()).toBe(77)
          expect(await ask('select count(*)::int from lockstep_version', tenant.database)).toBe(1)
          expect(await ask(selectEnabled, tenant.database)).toEqual(await ask(selectEnabled, 'acorn'))
        }),
      )
    })

    it('is no reason for a plan to change the server, or to expect another schema than the run will make', async () => {
      const settings = settingsOf('mig', { rehearsal: { data: 'sample' } })
      const rehearsal = await whileConnected('mig', code, async () => {
        fixture.addMigrations({ '0002_email.up.sql': 'alter table users add column note text;' })
        const { analysis } = await fixture.withPorts(
          (ports, project) =>
            previewPlan(project, ports, { target: [], tenants: [], rehearse: 'anew' }, never),
          settings,
        )
        return analysis.rehearsal
      })
      expect(rehearsal?.shadow).toMatchObject({ kind: 'dump', data: 'sample' })
      expect(rehearsal?.routes[0]).toMatchObject({ problem: null, beyond: { changes: [] } })
      expect(await readLimit()).toBe(77)
      const run = await fixture.run({ settings, gates: ['expected_fingerprint'] })
      expect(run).toMatchObject({ outcome: 'migrated', failure: null })
      expect(rehearsal?.routes[0]?.endFingerprint).toEqual(expect.any(String))
    })

    it('undoes what filling a materialized view changes on the server', async () => {
      const hidden = `create function hidden() returns boolean language plpgsql as
        $$ begin execute 'alter ' || 'ro' || 'le v_login connection limit 5'; return true; end $$;
      create materialized view mv as select hidden()`
      const description = await whileConnected('mig', hidden, () =>
        copying('mig', { data: 'schema', where: 'auto' }, async shadow => shadow.description),
      )
      expect(await readLimit()).toBe(77)
      expect(description).toMatchObject({ kind: 'sandbox' })
      expect(description.why).toContain(
        'refreshing public.mv changed roles, passwords or rights to settings of the server while a copy was made, and was undone',
      )
    })

    /** Code that notifies, in every place that rows may lead to. */
    const notifying = `
    create function notifies() returns boolean language plpgsql as $$ begin perform pg_notify('a', 'b'); return true; end $$;
    create function on_notify() returns trigger language plpgsql as $$ begin perform notifies(); return null; end $$;
    create domain told as int check (notifies());
    create table orders (id int primary key); create table log (id int);
    create table par (id int) partition by list (id); create table par1 partition of par default;
    create table base (id int); create table kid2 () inherits (base);
    create table parent (id int primary key); create table child (id int references parent on delete cascade);
    create view vo as select id from orders;
    create table dl (a int, b boolean default notifies()); create table gc (a int check (notifies()));
    create table dom (a told); create table ruled (a int);
    create rule r as on insert to ruled do also update orders set id = id;
    insert into orders values (1); insert into par values (1); insert into kid2 values (1);
    insert into parent values (1); insert into child values (1);
    create trigger t after insert or update or delete on orders for each row execute function on_notify();
    create trigger t after update on par1 for each row execute function on_notify();
    create trigger t after update on kid2 for each row execute function on_notify();
    create trigger t after delete on child for each row execute function on_notify();
    create function backfill() returns int language plpgsql as $$ begin update orders set id = id; return 1; end $$;`

    const ways = {
      counted: 'with x as (update orders set id = id returning id) select count(*) from x',
      block: 'do $$ begin update orders set id = id; end $$',
      function: 'select backfill()',
      partition: 'update par set id = id',
      cascade: 'delete from parent',
      default: 'insert into dl (a) select id from orders',
      domain: 'insert into dom select id from orders',
      rule: 'insert into ruled select id from orders',
    }

    // What rows lead to is the same on every version.
    if (version === '14') return
    it('says of the vote what rows would show: unknown without them, and the truth with a sample', async () => {
      const verdicts: Record<string, unknown> = {}
      await whileConnected('mig', notifying, async () => {
        for (const data of ['schema', 'sample']) {
          for (const [way, sql] of Object.entries({
            ...ways,
            harmless: 'insert into log select id from orders',
          })) {
            // With rows, one of them shows what all have in common.
            if (data === 'sample' && !['counted', 'cascade', 'harmless'].includes(way)) continue
            fixture.addMigrations({ '0002_email.up.sql': `${sql};` })
            const { analysis } = await fixture.withPorts(
              (ports, project) =>
                previewPlan(project, ports, { target: [], tenants: [], rehearse: 'anew' }, never),
              settingsOf('mig', { rehearsal: { data, reverse: false } }),
            )
            const [route] = analysis.rehearsal?.routes ?? []
            verdicts[`${way} ${data}`] = route?.problem ?? route?.vote?.verdict ?? analysis.notRehearsed
          }
        }
      })
      const unknown = Object.keys(ways).map(way => [`${way} schema`, 'unknown'])
      expect(verdicts).toEqual({
        ...Object.fromEntries(unknown),
        'harmless schema': 'prepared',
        'harmless sample': 'prepared',
        'counted sample': 'refused',
        'cascade sample': 'refused',
      })
    })
  },
)
