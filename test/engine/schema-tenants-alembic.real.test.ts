import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import type { EnginePorts } from '../../electron/engine/ports/engine-ports.ts'
import {
  type AlembicProject,
  asyncEnvironment,
  revision,
  stockEnvironment,
  writeAlembicProject,
} from '../adapters/alembic/support/alembic-project.ts'
import {
  type EngineFixture,
  eventsOf,
  never,
  openEngineFixture,
  type Settings,
} from '../support/engine-fixture.ts'
import { needs } from '../support/needs.ts'
import { pythonEnvironment } from '../support/python-environment.ts'
import { rollBack } from '../support/roll-back.ts'

const it = needs('python')
const schemas = ['t1', 't2', 'Order 3'] as const
const revisions = {
  'r1.py': revision(
    'r1',
    null,
    `op.create_table('users', sa.Column('id', sa.Integer, primary_key=True), sa.Column('email', sa.Text))
op.execute("insert into users values (1, 'a'), (2, 'b')")`,
  ),
  'r2.py': revision('r2', 'r1', `op.create_unique_constraint('uq_email', 'users', ['email'])`),
}

/** As the multi-tenant recipe of Alembic's documentation has it. */
const recipe = stockEnvironment
  .replace('import engine_from_config, pool', 'import engine_from_config, pool, text')
  .replace(
    'context.configure(connection=connection, target_metadata=target_metadata)',
    `tenant = context.get_x_argument(as_dictionary=True)["tenant"]
        connection.execute(text('set search_path to "%s"' % tenant))
        connection.commit()
        connection.dialect.default_schema_name = tenant
        connection = connection.execution_options(schema_translate_map={"per_tenant": tenant})
        context.configure(connection=connection, target_metadata=target_metadata, version_table_schema=tenant)`,
  )

let fixture: EngineFixture
let interpreter: string
const projects: AlembicProject[] = []
beforeAll(async () => {
  interpreter = await pythonEnvironment()
  fixture = await openEngineFixture({ tenants: ['spare'] })
})
afterAll(async () => {
  for (const project of projects) await project.remove()
  await fixture?.close()
})

beforeEach(async () => {
  const { sandbox } = fixture
  await sandbox.query('drop database if exists shop with (force)')
  await sandbox.query('create database shop')
  // Another project keeps its versions in public: they are none of the tenants'.
  await sandbox.query(
    "create table alembic_version (version_num varchar(32) primary key); insert into alembic_version values ('other')",
    'shop',
  )
  for (const schema of schemas) await sandbox.query(`create schema "${schema}"`, 'shop')
})

async function settingsOf(environment: string, files = revisions, argument?: string): Promise<Settings> {
  const project = await writeAlembicProject({ revisions: files, environment })
  projects.push(project)
  const schema = argument === undefined ? {} : { schema: { x: argument } }
  return {
    tenants: { databases: 'shop', schemas: '*' },
    groups: [{ name: 'canary', tenants: 't1' }],
    migrations: { alembic: { config: join(project.folder, 'alembic.ini'), python: interpreter, ...schema } },
  }
}

const read = (settings: Settings) =>
  fixture.withPorts(async ({ source, servers }) => {
    const readings = schemas.map(async name => {
      const tenant = { name, cluster: 'main', database: 'shop', schema: name, appRole: null }
      const { hash } = await servers.fingerprint(fixture.sandbox.primary.name, tenant, never)
      return { heads: await source.readHeads(tenant, never), fingerprint: hash }
    })
    return Promise.all(readings)
  }, settings)

describe('an Alembic project for tenants that are schemas', () => {
  it('is run unmodified in each, all or none, with the versions of each in its own schema', async () => {
    const settings = await settingsOf(stockEnvironment)
    expect(await fixture.run({ settings, target: ['r1'] })).toMatchObject({
      outcome: 'migrated',
      failure: null,
    })
    await fixture.sandbox.query(`insert into t2.users values (3, 'a')`, 'shop')
    const before = await read(settings)
    const refused = await fixture.run({ settings })
    expect(refused).toMatchObject({
      outcome: 'rolled_back',
      exitCode: 5,
      failure: { tenant: 't2', sqlstate: '23505' },
    })
    const proven = eventsOf(refused.events, 'rollback.proven').filter(event => event.equal)
    expect(proven.map(event => event.tenant).sort()).toEqual([...schemas].sort())
    expect(await read(settings)).toEqual(before)
    await fixture.sandbox.query('delete from t2.users where id = 3', 'shop')
    expect(await fixture.run({ settings })).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    const after = await read(settings)
    expect(after.map(({ heads }) => heads)).toEqual([['r2'], ['r2'], ['r2']])
    expect(new Set(after.map(({ fingerprint }) => fingerprint)).size).toBe(1)
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.sandbox.query('select * from alembic_version', 'shop')).toEqual([
      { version_num: 'other' },
    ])
  })

  it('may be asynchronous, and step out of the transaction', async () => {
    const files = {
      ...revisions,
      'r3.py': revision(
        'r3',
        'r2',
        `with op.get_context().autocommit_block():
    op.execute('create index concurrently by_email on users (email)')`,
      ),
    }
    const settings = await settingsOf(asyncEnvironment, files)
    expect(await fixture.run({ settings })).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    const after = await read(settings)
    expect(after.map(({ heads }) => heads)).toEqual([['r3'], ['r3'], ['r3']])
    expect(new Set(after.map(({ fingerprint }) => fingerprint)).size).toBe(1)
  })

  it('may place each tenant itself, by an -x argument, version_table_schema and schema_translate_map', async () => {
    const files = {
      ...revisions,
      'r3.py': revision(
        'r3',
        'r2',
        `op.create_table('bills', sa.Column('id', sa.Integer), schema='per_tenant')`,
      ),
    }
    const settings = await settingsOf(recipe, files, 'tenant')
    expect(await fixture.run({ settings })).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    const after = await read(settings)
    expect(after.map(({ heads }) => heads)).toEqual([['r3'], ['r3'], ['r3']])
    expect(new Set(after.map(({ fingerprint }) => fingerprint)).size).toBe(1)
    const tables = await fixture.sandbox.query(
      `select schemaname as schema from pg_tables where tablename = 'bills' order by schemaname collate "C"`,
      'shop',
    )
    expect(tables).toEqual([...schemas].sort().map(schema => ({ schema })))
  })

  it.for([
    ['in the vote', stockEnvironment, "op.drop_table('bills')"],
    ['asynchronously', asyncEnvironment, "op.drop_table('bills')"],
    [
      'outside of a transaction',
      stockEnvironment,
      "with op.get_context().autocommit_block():\n        op.execute('drop table bills')",
    ],
  ] as const)(
    'goes down only while it loses no more than was accepted, %s',
    async ([, environment, down]) => {
      const r3 = revision('r3', 'r2', "op.create_table('bills', sa.Column('id', sa.Integer))")
      const files = { ...revisions, 'r3.py': r3.replace(/ {4}pass\n$/, `    ${down}\n`) }
      const settings = await settingsOf(environment, files)
      await fixture.run({ settings, target: ['r2'] })
      const run = await fixture.run({ settings })
      expect(run.outcome).toBe('migrated')
      const after = await read(settings)
      const bill = (id: number) => fixture.sandbox.query(`insert into "Order 3".bills values (${id})`, 'shop')
      const answering = (act: () => Promise<unknown>) => (ports: EnginePorts) => ({
        ...ports,
        approvals: {
          ask: async (...question: Parameters<typeof ports.approvals.ask>) =>
            act().then(() => ports.approvals.ask(...question)),
        },
      })
      const acceptLoss = { reason: 'a test' }
      const back = await rollBack(fixture, run.runId, {
        settings,
        tenants: ['Order 3'],
        acceptLoss,
        change: answering(() => bill(4711)),
      })
      expect(back).toMatchObject({
        outcome: 'approval_refused',
        exitCode: 4,
        failure: {
          kind: 'plan_void',
          moved: ['tenant Order 3 would lose 1 row of table public.bills, not nothing'],
        },
      })
      expect(await read(settings)).toEqual(after)
      expect(await fixture.sandbox.query('select id from "Order 3".bills', 'shop')).toEqual([{ id: 4711 }])
      const accepted = await rollBack(fixture, run.runId, { settings, acceptLoss })
      expect(accepted).toMatchObject({ outcome: 'migrated', failure: null })
    },
  )

  it('is refused where it goes to a schema of its own choice', async () => {
    const elsewhere = recipe.replace('context.get_x_argument(as_dictionary=True)["tenant"]', '"t1"')
    const run = await fixture.run({ settings: await settingsOf(elsewhere) })
    expect(run.outcome).not.toBe('migrated')
    expect(run.failure).toMatchObject({
      kind: 'wrong_database',
      expected: expect.stringMatching(/^shop, schema (t2|Order 3)$/),
      actual: 'version_table_schema is t1',
    })
  })
})
