import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { previewPlan } from '../../electron/app/plan/preview-plan.ts'
import { describeFailure } from '../../shared/failure/describe-failure.ts'
import {
  type AlembicProject,
  revision,
  stockEnvironment,
  writeAlembicProject,
} from '../adapters/alembic/support/alembic-project.ts'
import {
  type EngineFixture,
  type FixtureRun,
  never,
  openEngineFixture,
  type Settings,
} from '../support/engine-fixture.ts'
import { needs } from '../support/needs.ts'
import { pythonEnvironment } from '../support/python-environment.ts'

/** Three tenants in one table, of which the role that migrates sees one. */
const items = `create table items (id int primary key, tenant text not null, owner text);
alter table items enable row level security;
create policy own on items using (tenant = coalesce(nullif(current_setting('app.tenant', true), ''), 'default'));
insert into items values (1, 'default', null), (2, 'a', null), (3, 'b', null);`
const force = 'alter table items force row level security;'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['shop'] })
  await fixture.sandbox.query(
    'create role migrator login createdb; create role clerk; grant clerk to migrator',
  )
})
afterAll(() => fixture?.close())
beforeEach(async () => {
  await fixture.reset()
  await fixture.sandbox.query('drop database shop with (force)')
  await fixture.sandbox.query('create database shop owner migrator')
  fixture.writeMigrations({ '0001_items.up.sql': items })
})

const settingsOf = (more: Settings = {}): Settings => {
  const { host, port } = fixture.sandbox.primary
  return { servers: [{ name: 'primary', host, port, user: 'migrator' }], groups: [], ...more }
}

/** Runs the first revision and then another one. */
async function migrate(sql: string, settings = settingsOf()): Promise<FixtureRun> {
  expect(await fixture.run({ settings, target: ['0001'] })).toMatchObject({ outcome: 'migrated' })
  fixture.addMigrations({ '0002_next.up.sql': sql })
  return await fixture.run({ settings })
}

const owners = async () => {
  const rows = await fixture.sandbox.query('select owner from items order by id', 'shop')
  return rows.map(row => row.owner)
}

const refused = {
  outcome: 'rolled_back',
  exitCode: 5,
  failure: { sqlstate: '42501', message: expect.stringContaining('row-level security policy for table') },
}

const update = "update items set owner = 'nobody' where owner is null;"

describe('a migration whose role sees some rows only', () => {
  test.each([
    ['an UPDATE', `${force} ${update}`],
    ['a DELETE', `${force} delete from items;`],
    [
      'an INSERT ... SELECT',
      `${force} create table copies (id int); insert into copies select id from items;`,
    ],
    [
      'a MERGE',
      `${force} merge into items using (values (1)) v (id) on items.id = v.id when matched then update set owner = 'x';`,
    ],
    ['a table made from it', `${force} create table copies as select * from items;`],
    ['an UPDATE after RESET ALL', `${force} reset all; ${update}`],
    ['an UPDATE after the setting was taken back', `${force} set row_security = on; ${update}`],
    [
      'an UPDATE after a function took the setting back',
      `${force} select set_config('row_security', 'on', false); ${update}`,
    ],
    ['a block', `${force} do $$ begin update items set owner = 'nobody'; end $$;`],
    [
      'a function',
      `${force} create function fill() returns void language sql as $$ update items set owner = 'nobody' $$; select fill();`,
    ],
    ['a view', `${force} create view seen as select * from items; update seen set owner = 'nobody';`],
    [
      'a table of the same plan',
      `create table notes (id int, tenant text); insert into notes values (1, 'a');
       alter table notes enable row level security, force row level security; update notes set id = 2;`,
    ],
    [
      'a role that does not own the table',
      `grant select, update on items to clerk; set role clerk; ${update} reset role;`,
    ],
    [
      'a function among the values of an INSERT',
      `${force} create function fix() returns int language plpgsql as $$ begin update items set owner = 'nobody'; return 1; end $$;
       create table log (n int); insert into log values (fix());`,
    ],
    [
      'a function among the values that are added to the table itself',
      `${force} create function fix() returns int language sql as $$ update items set owner = 'nobody'; select 4 $$;
       insert into items values (fix(), 'default', null);`,
    ],
    [
      'a trigger of an INSERT',
      `${force} create function fix() returns trigger language plpgsql as $$ begin update items set owner = 'nobody'; return new; end $$;
       create table log (n int); create trigger fixing before insert on log for each row execute function fix(); insert into log values (1);`,
    ],
    [
      'a trigger of the table itself, which calls another function',
      `${force} create function inner_fix() returns int language sql as $$ update items set owner = 'nobody'; select 1 $$;
       create function fix() returns trigger language plpgsql as $$ declare n int; begin n := inner_fix(); return null; end $$;
       create trigger fixing after insert on items execute function fix(); insert into items values (4, 'default', null);`,
    ],
    [
      'a default that an INSERT leaves to the server',
      `${force} create function fix() returns text language sql as $$ update items set owner = 'nobody'; select 'x' $$;
       alter table items add column note text; alter table items alter column note set default fix();
       insert into items (id, tenant) values (4, 'default');`,
    ],
    [
      'a foreign key, which would be checked for these rows only',
      `${force} create table children (item int);
       alter table children add foreign key (item) references items;`,
    ],
  ])('is stopped at %s', async (_what, sql) => {
    const run = await migrate(sql)
    expect(run).toMatchObject(refused)
    expect(await owners()).toEqual([null, null, null])
    if (run.failure) expect(describeFailure(run.failure).fix).toContain('BYPASSRLS')
  })

  test('goes on where the policy is meant to choose, and that is said with a reason', async () => {
    const accepted = `${force}\n-- lockstep: allow rows_hidden_by_policy: only the default tenant\n${update}`
    expect(await migrate(accepted)).toMatchObject({ outcome: 'migrated', failure: null })
    expect(await owners()).toEqual(['nobody', null, null])
  })

  test('goes on where the configuration accepts it', async () => {
    const lint = {
      waivers: [{ rule: 'rows_hidden_by_policy', revision: '0002', reason: 'only the default tenant' }],
    }
    expect(await migrate(`${force} ${update}`, settingsOf({ lint }))).toMatchObject({ outcome: 'migrated' })
  })

  test.each([
    ['it owns the table', update],
    [
      'it takes the force away for the time',
      `${force} alter table items no force row level security; ${update} ${force}`,
    ],
    [
      'it adds rows to a table with a trigger and a default that look at no other',
      `${force} create function stamp() returns trigger language plpgsql as $$ begin new.owner := lower(new.owner); return new; end $$;
       create trigger stamping before insert on items for each row execute function stamp();
       create function plain() returns text language sql immutable as $$ values ('x') $$;
       alter table items add column note text default plain(); insert into "items" (id, tenant, owner) values (4, 'default', upper('x'));`,
    ],
    [
      'it only adds rows, which a policy refuses aloud',
      `${force} insert into items values (4, 'default', 'x'); alter table items add column note text; comment on table items is 'x';`,
    ],
  ])('is not stopped where %s', async (_why, sql) => {
    expect(await migrate(sql)).toMatchObject({ outcome: 'migrated', failure: null })
  })

  test('is found before approval, with what helps, and no failure of our own count is told as its own', async () => {
    const settings = settingsOf()
    expect(await fixture.run({ settings, target: ['0001'] })).toMatchObject({ outcome: 'migrated' })
    const rehearse = async (sql: string) => {
      fixture.addMigrations({ '0002_next.up.sql': sql, '0002_next.down.sql': 'select 1;' })
      const { analysis } = await fixture.withPorts(
        (ports, project) => previewPlan(project, ports, { target: [], tenants: [], rehearse: 'anew' }, never),
        settings,
      )
      return analysis.rehearsal?.routes[0]
    }
    await fixture.sandbox.query(force, 'shop')
    const found = await rehearse(update)
    expect(found?.problem).toContain('row-level security policy for table "items"')
    expect(found?.remedy).toContain('allow rows_hidden_by_policy')
    const harmless = await rehearse("comment on table items is 'things';")
    expect(harmless).toMatchObject({ problem: null, endFingerprint: expect.any(String) })
  })
})

describe('an Alembic project whose role sees some rows only', () => {
  const it = needs('python')
  const projects: AlembicProject[] = []
  afterAll(async () => {
    for (const project of projects) await project.remove()
  })

  async function run(body: string, more: Settings = {}): Promise<FixtureRun> {
    const revisions = {
      'r1.py': revision('r1', null, `op.execute("""${items}""")`),
      'r2.py': revision('r2', 'r1', `op.execute("${force}")\n${body}`),
    }
    const project = await writeAlembicProject({ revisions, environment: stockEnvironment })
    projects.push(project)
    const alembic = { config: join(project.folder, 'alembic.ini'), python: await pythonEnvironment() }
    return await fixture.run({ settings: settingsOf({ migrations: { alembic }, ...more }) })
  }
  const table = "items = sa.table('items', sa.column('id'), sa.column('tenant'), sa.column('owner'))"

  it('is stopped at an UPDATE that Python puts together, and not at an INSERT', async () => {
    expect(await run(`${table}\nop.execute(items.update().values(owner='nobody'))`)).toMatchObject(refused)
    expect(await run(`op.execute("reset all")\nop.execute("${update}")`)).toMatchObject(refused)
    const fix =
      "create function fix() returns int language sql as $$ update items set owner = 'x' returning 1 $$"
    const called = `op.execute("${fix}")\nop.execute("create table log (n int)")\nop.execute("insert into log values (fix())")`
    expect(await run(called)).toMatchObject(refused)
    await fixture.sandbox.query('drop database shop with (force)')
    await fixture.sandbox.query('create database shop owner migrator')
    const caught = `try:\n    with op.get_bind().begin_nested():\n        op.execute("select 1/0")\nexcept Exception:\n    pass`
    expect(await run(`${caught}\nop.execute("${update}")`)).toMatchObject(refused)
    expect(await run(`${caught}\nop.execute("insert into items values (6, 'default', null)")`)).toMatchObject(
      { outcome: 'migrated', failure: null },
    )
    await fixture.sandbox.query('drop database shop with (force)')
    await fixture.sandbox.query('create database shop owner migrator')
    const inserts = `${table}\nop.bulk_insert(items, [{'id': 4, 'tenant': 'default'}, {'id': 5, 'tenant': 'default'}])`
    expect(await run(inserts)).toMatchObject({ outcome: 'migrated', failure: null })
    expect(await owners()).toHaveLength(5)
  })

  it('goes on where the configuration accepts it', async () => {
    const lint = { waivers: [{ rule: 'rows_hidden_by_policy', reason: 'only the default tenant' }] }
    const body = 'op.execute("update items set owner = \'nobody\'")'
    expect(await run(body, { lint })).toMatchObject({ outcome: 'migrated', failure: null })
    expect(await owners()).toEqual(['nobody', null, null])
  })
})
