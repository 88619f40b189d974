import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  blockingQuery,
  type DatabaseChange,
  delayReplay,
  duplicateRows,
  leakyTenant,
  orphanRows,
  orphanRowsBehindReplicaRole,
  pauseReplay,
  resumeReplay,
  writeSomeLog,
} from '../../../electron/adapters/embedded-postgres/sandbox-faults.ts'
import type { SandboxTenant } from '../../../electron/adapters/embedded-postgres/sandbox-tenants.ts'
import { seedSandbox } from '../../../electron/adapters/embedded-postgres/seed-sandbox.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'

let sandbox: TestSandbox
let close: () => Promise<void>
let tenants: readonly SandboxTenant[]
beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ auth: 'scram' }))
  tenants = await seedSandbox({ runSql: (database, sql) => sandbox.query(sql, database) })
})
afterAll(() => close())

const rowCounts = `
select (select count(*) from customers)::int as customers, (select count(*) from products)::int as products,
       (select count(*) from orders)::int as orders, (select count(*) from order_items)::int as order_items,
       to_regclass('invoices') is not null as has_billing`

test('fills six databases, and leaves no other', async () => {
  const rows = await sandbox.query('select datname from pg_database where not datistemplate order by 1')
  expect(rows.map(row => row.datname)).toEqual([
    'acorn',
    'birch',
    'cedar',
    'dogwood',
    'elm',
    'fern',
    'postgres',
  ])
  expect(tenants.map(tenant => tenant.name)).toEqual(['acorn', 'birch', 'cedar', 'dogwood', 'elm', 'fern'])
})

test('gives every tenant the rows of its revision, on the standbys too', async () => {
  await sandbox.waitForStandbys()
  for (const tenant of tenants) {
    for (const server of [sandbox.primary, ...sandbox.standbys]) {
      const [counts] = await sandbox.query(rowCounts, tenant.database, server)
      const hasBilling = tenant.revision === '0002'
      const rest = { customers: 2000, products: 300, orders: 4000, order_items: 9100 }
      expect(counts).toEqual({ ...rest, has_billing: hasBilling })
      const version = await sandbox.query('select version_num from alembic_version', tenant.database, server)
      expect(version).toEqual([{ version_num: tenant.revision }])
    }
  }
  const [billing] = await sandbox.query(
    'select (select count(*) from invoices) + (select count(*) from payments) > 4500 as enough',
    'acorn',
  )
  expect(billing).toEqual({ enough: true })
})

test('lets a login into its own database only, with its password only', async () => {
  const [acorn, birch] = tenants as [SandboxTenant, SandboxTenant]
  const client = await sandbox.connect(acorn.database, sandbox.primary, acorn.appRole, acorn.appPassword)
  expect((await client.query('select name from company')).rows).toEqual([{ name: 'Acorn Trading' }])
  await client.query("update customers set name = 'Somebody' where id = 1")
  await expect(client.query('create table mine ()')).rejects.toMatchObject({ code: '42501' })
  for (const database of [birch.database, 'postgres', 'template1']) {
    await expect(
      sandbox.connect(database, sandbox.primary, acorn.appRole, acorn.appPassword),
    ).rejects.toMatchObject({ code: '42501' })
  }
  await expect(
    sandbox.connect(acorn.database, sandbox.primary, acorn.appRole, birch.appPassword),
  ).rejects.toMatchObject({ code: '28P01' })
})

test('gives each fault the state that its gate looks for', async () => {
  const [acorn, birch, cedar, dogwood, elm] = tenants as [
    SandboxTenant,
    SandboxTenant,
    SandboxTenant,
    SandboxTenant,
    SandboxTenant,
  ]
  await apply(duplicateRows(acorn))
  await expect(
    sandbox.query('alter table customers add unique (email)', acorn.database),
  ).rejects.toMatchObject({
    code: '23505',
  })

  const orphans = `select count(*)::int as orphans,
      (select convalidated from pg_constraint where conname = 'order_items_order_id_fkey') as valid
    from order_items where not exists (select from orders where orders.id = order_id)`
  await apply(orphanRows(birch))
  expect(await sandbox.query(orphans, birch.database)).toEqual([{ orphans: 1, valid: false }])
  await apply(orphanRowsBehindReplicaRole(cedar))
  expect(await sandbox.query(orphans, cedar.database)).toEqual([{ orphans: 1, valid: true }])

  await apply(leakyTenant(dogwood, elm))
  const intruder = await sandbox.connect(elm.database, sandbox.primary, dogwood.appRole, dogwood.appPassword)
  expect((await intruder.query('select name from company')).rows).toEqual([{ name: 'Elm Trading' }])

  const { database, statements } = blockingQuery(acorn)
  const blocker = await sandbox.connect(database)
  for (const statement of statements) await blocker.query(statement)
  const locked = sandbox.query(
    `begin; set local lock_timeout = '50ms'; lock table customers in access exclusive mode`,
    acorn.database,
  )
  await expect(locked).rejects.toMatchObject({ code: '55P03' })
})

test('keeps a standby from replaying, by pausing it or by a delay', async () => {
  const [paused, delayed] = sandbox.standbys as [(typeof sandbox.standbys)[0], (typeof sandbox.standbys)[0]]
  await sandbox.waitForStandbys()
  await sandbox.query(pauseReplay, 'postgres', paused)
  for (const statement of delayReplay(3600)) await sandbox.query(statement, 'postgres', delayed)
  await waitUntil(async () => {
    const [row] = await sandbox.query('show recovery_min_apply_delay', 'postgres', delayed)
    return row?.recovery_min_apply_delay === '1h'
  }, 'the delay to be read')
  await apply(writeSomeLog(tenants[0]!))
  const [written] = await sandbox.query('select pg_current_wal_flush_lsn()::text as lsn')
  const state = `select pg_last_wal_receive_lsn() >= '${written?.lsn}' as received,
    pg_last_wal_replay_lsn() >= '${written?.lsn}' as replayed, pg_get_wal_replay_pause_state() as pause`
  for (const [server, pause] of [
    [paused, 'paused'],
    [delayed, 'not paused'],
  ] as const) {
    await waitUntil(async () => {
      const [row] = await sandbox.query(state, 'postgres', server)
      return row?.received === true && row.pause === pause
    }, `${server.name} to receive what was written`)
    expect(await sandbox.query(state, 'postgres', server)).toMatchObject([{ replayed: false }])
  }
  await sandbox.query(resumeReplay, 'postgres', paused)
  await sandbox.query('alter system reset recovery_min_apply_delay', 'postgres', delayed)
  await sandbox.query('select pg_reload_conf()', 'postgres', delayed)
  await sandbox.waitForStandbys()
})

async function apply(changes: readonly DatabaseChange[]): Promise<void> {
  for (const { database, sql } of changes) await sandbox.query(sql, database)
}
