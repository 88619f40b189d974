import type pg from 'pg'
import { afterAll, beforeAll, expect } from 'vitest'
import { revision, stockEnvironment } from '../adapters/alembic/support/alembic-project.ts'
import { needs } from '../support/needs.ts'
import { withServerOf } from '../support/postgres-versions.ts'
import { pythonEnvironment } from '../support/python-environment.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const test = needs('python')
let sandbox: TestSandbox
let close: () => Promise<void>
let home: LockstepHome
let python: string

beforeAll(async () => {
  python = await pythonEnvironment()
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  home = openLockstepHome()
  await makeRoles(sandbox)
})
afterAll(async () => {
  await home?.close()
  await close?.()
})

/** Without a set-up of logging, which the project has none of. */
const plain = stockEnvironment.replace(/if config\.config_file_name[^\n]*\n[^\n]*\n/, '')
async function makeRoles(on: TestSandbox): Promise<void> {
  await on.query('create role app_owner nologin')
  await on.query('create role app login in role app_owner')
  await on.query('create role migrator login noinherit createdb in role app_owner')
  await on.query('create role defaulting login noinherit in role app_owner')
  await on.query("alter role defaulting set role = 'app_owner'")
}

const inEnvironment = plain.replace(
  '        context.configure(connection=connection',
  '        connection.exec_driver_sql("set role app_owner")\n        connection.commit()\n        context.configure(connection=connection',
)
const onConnect = plain
  .replace('import engine_from_config, pool', 'import engine_from_config, event, pool')
  .replace(
    '    with connectable.connect()',
    `    @event.listens_for(connectable, "connect")
    def own(dbapi, record):
        cursor = dbapi.cursor()
        cursor.execute("set role app_owner")
        cursor.close()
        dbapi.commit()
    with connectable.connect()`,
  )

interface Form {
  readonly environment?: string
  readonly revision?: string
  readonly user?: string
}

const forms: Readonly<Record<string, Form>> = {
  environment: { environment: inEnvironment },
  listener: { environment: onConnect },
  revision: { revision: 'op.execute("set role app_owner")\n' },
  default: { user: 'defaulting' },
}

/** Three tenants whose tables belong to a role that cannot log in; the version table is the login's where only a revision takes the role. */
async function makeProject(name: string, form: Form, on: TestSandbox = sandbox): Promise<SmallProject> {
  const user = form.user ?? 'migrator'
  const project = await makeSmallProject({
    home,
    sandbox: on,
    name,
    config: {
      servers: [{ name: 'primary', port: on.primary.port, user }],
      migrations: { alembic: { config: 'alembic.ini', python } },
    },
  })
  project.writeFiles({
    'alembic.ini':
      '[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = postgresql+psycopg://x@y/z\n',
    'alembic/env.py': form.environment ?? plain,
    'alembic/versions/0001.py': revision('0001', null, 'pass'),
    'alembic/versions/0002.py': revision(
      '0002',
      '0001',
      `${form.revision ?? ''}op.execute("create table made (id int)")\nop.execute("alter table orders add column more text")`,
    ),
  })
  for (const tenant of project.tenants) {
    await on.query(`alter database ${tenant} owner to app_owner`)
    await on.query(`grant connect on database ${tenant} to app, ${user}`)
    await on.query(
      `set role app_owner;
       create table orders (id serial primary key, note text);
       create table alembic_version (version_num varchar(32) primary key);
       insert into alembic_version values ('0001');
       grant all on alembic_version to ${user}`,
      tenant,
    )
  }
  return project
}

const readTenant = async (tenant: string, on: TestSandbox = sandbox) => {
  const [row] = await on.query(
    `select (select version_num from alembic_version) as version,
       (select tableowner::text from pg_tables where tablename = 'made') as owner`,
    tenant,
  )
  return `${row?.version} ${row?.owner ?? 'nothing made'}`
}
const readAll = (project: SmallProject) => Promise.all(project.tenants.map(tenant => readTenant(tenant)))

/** An application that goes on writing; says how many rows were acknowledged. */
async function keepWriting(tenant: string, on: TestSandbox = sandbox): Promise<() => Promise<number>> {
  const client: pg.Client = await on.connect(tenant, on.primary, 'app')
  let acknowledged = 0
  let isOver = false
  const work = (async () => {
    while (!isOver) {
      await client.query("insert into orders (note) values ('x')")
      acknowledged += 1
    }
  })()
  return async () => {
    isOver = true
    await work
    await client.end()
    return acknowledged
  }
}

const args = ['run', '--yes', '--gates', 'revision_graph']

test.each(Object.entries(forms))(
  'a run and its recovery finish what is written as another role, taken in or by the %s',
  async (name, form) => {
    const project = await makeProject(name, form)
    const [, , last = ''] = project.tenants
    await sandbox.query('create table made (id int)', last)
    const failed = await project.run(args)
    expect(failed.exitCode, failed.stderr).toBe(5)
    expect(await project.prepared()).toEqual([])
    await sandbox.query('drop table made', last)
    const killed = project.start(args, {
      environment: { LOCKSTEP_FAULT: 'kill:before:group.decided:1' },
    })
    await killed.ended
    expect(await project.prepared()).toHaveLength(3)
    const recovered = await project.run(['recover'])
    expect(recovered.exitCode, recovered.stderr).toBe(5)
    expect(await project.prepared()).toEqual([])
    expect(await readAll(project)).toEqual(Array(3).fill('0001 nothing made'))
    const writers = await Promise.all(project.tenants.map(tenant => keepWriting(tenant)))
    const done = await project.run(args)
    const acknowledged = await Promise.all(writers.map(stop => stop()))
    expect(done.exitCode, done.stderr).toBe(0)
    expect(await project.prepared()).toEqual([])
    expect(await readAll(project)).toEqual(Array(3).fill('0002 app_owner'))
    const rows = await Promise.all(
      project.tenants.map(tenant => sandbox.query('select count(*)::int as n from orders', tenant)),
    )
    expect(rows.map(([row]) => row?.n)).toEqual(acknowledged)
  },
  180_000,
)

test('votes of another role are left to a DBA by name, and finished once the login may take the role', async () => {
  const project = await makeProject('older', { environment: inEnvironment })
  await sandbox.query('create role older nologin')
  const killed = project.start(args, { environment: { LOCKSTEP_FAULT: 'kill:before:group.decided:1' } })
  await killed.ended
  // As a version would leave it that prepares as the role of the migration.
  const gids = await project.prepared()
  for (const [index, gid] of gids.entries()) {
    const tenant = project.tenants[index] ?? ''
    await sandbox.query(`rollback prepared '${gid}'`, tenant)
    const client = await sandbox.connect(tenant)
    await client.query(
      `begin; lock table orders; set role older; select pg_current_xact_id(); prepare transaction '${gid}'`,
    )
    await client.end()
  }
  const refused = await project.run(['recover'])
  expect(refused.exitCode, refused.stderr).toBe(6)
  expect(refused.stderr).toContain('belongs to older, and migrator may not finish it')
  expect(refused.stderr).toMatch(
    new RegExp(`next +In older_., as older or a superuser: ROLLBACK PREPARED '(${gids.join('|')})'`),
  )
  await sandbox.query('grant older to migrator')
  const recovered = await project.run(['recover'])
  expect(recovered.exitCode, recovered.stderr).toBe(5)
  expect(await project.prepared()).toEqual([])
})

// A role that only holds in some databases has to hold on their copy too; see `shadow-settings.ts`.
needs('python', 'older postgres', 'pg_dump')(
  'a login that is another role in its tenants only is that role on their copy, and finishes what was rehearsed',
  () =>
    withServerOf('14', async server => {
      await makeRoles(server)
      await server.query('create role placed login noinherit createdb in role app_owner')
      const project = await makeProject('placed', { user: 'placed' }, server)
      for (const tenant of project.tenants) {
        await server.query(
          `alter role placed in database ${tenant} set role = 'app_owner';
           alter role placed in database ${tenant} set datestyle = 'German, DMY';
           alter role placed in database ${tenant} set search_path = "$user", public`,
        )
      }
      const planned = await project.run(['plan'])
      expect(planned.stdout, planned.stderr).toMatch(/on a copy of placed_a.*ends in [0-9a-f]{12}/s)
      expect(planned.stdout).not.toContain('is not set on the copy')
      const blind = await project.run(['run', '--yes', '--gates', 'blocking_queries'])
      expect(blind.stderr).toContain('hidden from the role app_owner')
      expect(blind.stderr).toContain('grant pg_monitor to "app_owner"')
      await server.query('grant pg_monitor to app_owner')
      const stop = await keepWriting(project.tenants[0] ?? '', server)
      const done = await project.run(['run', '--yes'])
      await stop()
      expect(done.exitCode, done.stderr).toBe(0)
      expect(await readTenant(project.tenants[0] ?? '', server)).toBe('0002 app_owner')
    }),
  180_000,
)

// The pg_dump of a machine is seldom of the newest version.
needs('python', 'older postgres', 'pg_dump')(
  'a login that inherits nothing rehearses on a copy that it makes as the owner, and leaves none',
  () =>
    withServerOf('14', async server => {
      await makeRoles(server)
      const project = await makeProject('copied', { environment: inEnvironment }, server)
      const planned = await project.run(['plan'])
      expect(planned.stdout, planned.stderr).toMatch(
        /on a copy of copied_a.*create table made.*ends in [0-9a-f]{12}/s,
      )
      const left = await server.query("select datname from pg_database where datname ~ 'shadow'")
      expect(left).toEqual([])
    }),
  180_000,
)
