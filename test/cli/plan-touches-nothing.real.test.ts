import type pg from 'pg'
import { afterAll, beforeAll, expect } from 'vitest'
import { revision, stockEnvironment } from '../adapters/alembic/support/alembic-project.ts'
import { needs } from '../support/needs.ts'
import { pythonEnvironment } from '../support/python-environment.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const test = needs('python')
let sandbox: TestSandbox
let close: () => Promise<void>
let home: LockstepHome
let python: string

/** A server as it is installed: no room for prepared transactions. */
beforeAll(async () => {
  python = await pythonEnvironment()
  ;({ sandbox, close } = await openSandbox({ standbys: 0, maxPreparedTransactions: 0 }))
  home = openLockstepHome()
  await sandbox.query('create role migrator login createdb createrole')
  await sandbox.query('create role app login')
  await sandbox.query('create role rep2 nologin')
  await sandbox.query('grant rep2, app to migrator with admin option')
})
afterAll(async () => {
  await home?.close()
  await close?.()
})

const plain = stockEnvironment.replace(/if config\.config_file_name[^\n]*\n[^\n]*\n/, '')
let count = 0

async function makeProject(...bodies: readonly string[]): Promise<SmallProject> {
  count += 1
  const project = await makeSmallProject({
    home,
    sandbox,
    name: `still${count}`,
    config: {
      servers: [{ name: 'primary', port: sandbox.primary.port, user: 'migrator' }],
      migrations: { alembic: { config: 'alembic.ini', python } },
      groups: [{ name: 'all', tenants: ['*'], mode: 'independent' }],
    },
  })
  project.writeFiles({
    'alembic.ini':
      '[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = postgresql+psycopg://x@y/z\n',
    'alembic/env.py': plain,
    'alembic/versions/0001.py': revision(
      '0001',
      null,
      'op.execute("create table orders (id serial primary key, note text)")',
    ),
    ...Object.fromEntries(
      bodies.map((body, index) => {
        const [id, before] = [index + 2, index + 1].map(number => `000${number}`)
        return [`alembic/versions/${id}.py`, revision(id ?? '', before ?? '', body)]
      }),
    ),
  })
  for (const tenant of project.tenants) {
    await sandbox.query(`alter database ${tenant} owner to migrator`)
    await sandbox.query(`grant connect on database ${tenant} to app`)
    await sandbox.query('alter schema public owner to migrator', tenant)
  }
  return project
}

async function readServer(): Promise<string> {
  const rows = await sandbox.query(
    `select (select jsonb_agg(to_jsonb(r) order by rolname) from pg_authid r)
       || (select jsonb_agg(to_jsonb(m) order by m::text) from pg_auth_members m)
       || coalesce((select jsonb_agg(to_jsonb(s) order by s::text) from pg_db_role_setting s), '[]')
       || coalesce((select jsonb_agg(to_jsonb(c) order by c::text) from pg_shdescription c), '[]')
       || (select jsonb_agg(jsonb_build_array(datname, datdba, datacl) order by datname) from pg_database)
       || coalesce((select jsonb_agg(to_jsonb(f) order by f::text) from pg_file_settings f), '[]') as server`,
  )
  return JSON.stringify(rows)
}

const leak = `op.execute("""do $$ begin
      if not exists (select from pg_roles where rolname = 'reporting') then create role reporting nologin; end if;
end $$""")
op.execute("alter role rep2 set statement_timeout = '5s'")
op.execute("alter role app nologin")
op.execute("grant rep2 to app")`

test('a plan leaves roles, memberships and settings alone, while an application writes', async () => {
  const project = await makeProject(leak)
  const writer = await writeMeanwhile(project.tenants.at(-1) ?? '')
  const before = await readServer()
  const { stdout } = await project.run(['plan'])
  expect(await readServer()).toBe(before)
  expect(stdout).toContain('concerns the whole server, not one tenant')
  expect(stdout).toMatch(/in a server of our own|reaches beyond the database/)
  expect(await writer.stop()).toBeGreaterThan(0)
})

test('what only Python knows is undone on the copy before it could stay', async () => {
  const hidden = `bind = op.get_bind()
word = "".join(["ro", "le"])
for (name,) in bind.exec_driver_sql("select 'app'").fetchall():
    op.execute("alter %s %s connection limit 3" % (word, name))`
  const project = await makeProject(hidden)
  const before = await readServer()
  const { stdout } = await project.run(['plan'])
  expect(await readServer()).toBe(before)
  expect(stdout).toMatch(
    /changed roles of the server while it ran on a copy, and was undone|in a server of our own/,
  )
})

test('what cannot be prepared is found although the server has no room, with its statement', async () => {
  const project = await makeProject(
    'op.execute("alter table orders add column more text")',
    'op.execute("alter table orders add column much text")\nop.execute("do $$ begin create temp table k as select 1; drop table k; end $$")\nop.execute("select 1")',
  )
  const { stdout } = await project.run(['plan', '--json'])
  const [route] = JSON.parse(stdout).foresight.rehearsal.routes
  expect(route).toMatchObject({ problem: null, vote: { verdict: 'refused' } })
  expect(route.vote.evidence[0]).toContain('temporary objects')
  expect(route.vote.evidence[1]).toMatch(/^revision 0003, line \d+: do \$\$ begin create temp table k/)
  expect(route.beyond).toEqual({
    changes: [],
    unread: ['passwords of roles', 'configuration files (pg_read_all_settings)'],
  })
})

test('what a statement shows beforehand is split off as in files of SQL', async () => {
  const project = await makeProject(
    'op.execute("select 1 as id into temp k")',
    "op.execute(\"select pg_notify('a', 'b')\")",
  )
  const { stdout } = await project.run(['plan', '--no-rehearse', '--json'])
  const { routes } = JSON.parse(stdout)
  expect(
    routes[0].steps.map((step: { transactional: boolean; reason: string }) => [
      step.transactional,
      step.reason,
    ]),
  ).toEqual([
    [true, ''],
    [false, 'a transaction that touches a temporary table cannot be prepared'],
    [false, 'a transaction that calls pg_notify() cannot be prepared'],
  ])
})

/** Writes rows into a table of its own until it is stopped; gives their number. */
async function writeMeanwhile(database: string): Promise<{ stop(): Promise<number> }> {
  await sandbox.query('create schema app authorization app', database)
  const client: pg.Client = await sandbox.connect(database, sandbox.primary, 'app')
  await client.query('create table app.written (at timestamptz)')
  let isOver = false
  let written = 0
  const writing = (async () => {
    while (!isOver) {
      await client.query('insert into app.written values (now())')
      written += 1
    }
  })()
  return {
    stop: async () => {
      isOver = true
      await writing
      await client.end()
      return written
    },
  }
}
