import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readVersionTable } from '../../../../electron/adapters/postgres/catalog/read-version-table.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { catchFailure, describeServer, describeTenant, never } from '../sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  await sandbox.query('create role owner_of_some login')
})
afterAll(() => close())

async function readIn(database: string, sql: string, schema?: string) {
  await sandbox.query(`create database ${database}`)
  if (sql !== '') await sandbox.query(sql, database)
  const settings = describeServer(sandbox, sandbox.primary, { user: 'owner_of_some' })
  const tenant = { ...describeTenant(database), ...(schema === undefined ? {} : { schema }) }
  return await readVersionTable(settings, tenant, never)
}

const table = (name: string, ...heads: readonly string[]): string =>
  [
    `create table ${name} (version_num varchar(32) primary key)`,
    ...heads.map(head => `insert into ${name} values ('${head}')`),
    `grant select on ${name} to owner_of_some`,
  ].join('; ')

describe('the version table of a tenant', () => {
  it('is found wherever it is, with all of its heads', async () => {
    expect(await readIn('one', table('public.alembic_version', 'b', 'a'))).toEqual({
      schema: 'public',
      name: 'alembic_version',
      heads: ['a', 'b'],
    })
    const odd = `create schema "Odd .name"; grant usage on schema "Odd .name" to owner_of_some; ${table('"Odd .name"."history ""of"" it"', 'r1')}`
    expect(await readIn('odd', odd)).toEqual({ schema: 'Odd .name', name: 'history "of" it', heads: ['r1'] })
    expect(await readIn('empty', table('alembic_version'))).toMatchObject({ heads: [] })
  })

  it('is none where no table has its column, also not one that is dropped', async () => {
    expect(await readIn('none', '')).toBeNull()
    expect(
      await readIn('gone', 'create table t (version_num int, id int); alter table t drop column version_num'),
    ).toBeNull()
  })

  it('is not guessed among several, but for the one in the schema of the tenant', async () => {
    const two = `create schema other; grant usage on schema other to owner_of_some; ${table('alembic_version', 'a')}; ${table('other.alembic_version', 'b')}`
    expect(await readIn('two', two)).toBe('several')
    expect(
      await readIn('view', `${table('alembic_version', 'a')}; create view v as table alembic_version`),
    ).toBe('several')
    expect(await readIn('schemas', two, 'other')).toEqual({
      schema: 'other',
      name: 'alembic_version',
      heads: ['b'],
    })
  })

  it('is refused to a role that may not read it', async () => {
    const failure = await catchFailure(
      readIn('closed', 'create table alembic_version (version_num varchar(32))'),
    )
    expect(failure).toMatchObject({ kind: 'database_error', sqlstate: '42501' })
  })
})
