import { describe, expect, it } from 'vitest'
import type { PolicyFacts } from '../../../electron/engine/ports/schema-facts.ts'
import { findingsOf } from './lint-fixture.ts'

const rule = 'rows_hidden_by_policy'

/** Orders under a policy, as the role that migrates stands to them. */
const orders = (changes: Partial<PolicyFacts['tables'][number]> = {}, bypasses = false): PolicyFacts => ({
  bypasses,
  tables: [
    {
      table: 'public.orders',
      isEnabled: true,
      isForced: true,
      isOwner: true,
      showsAll: false,
      ...changes,
    },
  ],
})

const count = async (sql: string, policies = orders()): Promise<number> =>
  (await findingsOf(rule, sql, { policies })).length

describe('rows that a policy may hide from the role that migrates', () => {
  it.each([
    "update orders set note = 'x'",
    'delete from orders',
    'merge into orders o using notes n on o.id = n.id when matched then delete',
    'insert into notes select id from orders',
    'insert into notes (id) values ((select max(id) from orders))',
    'create table copies as select * from orders',
    'select * into copies from orders',
    'copy orders to stdout',
    'copy (select * from orders) to stdout',
    'create materialized view seen as select * from orders',
    'with gone as (delete from orders returning *) insert into notes select id from gone',
    'update notes set id = o.id from orders o',
    "do $$ begin update orders set note = 'x'; end $$",
    'select count(*) from orders',
  ])('are found in %s', async sql => {
    expect(await count(sql)).toBe(1)
  })

  it.each([
    "insert into orders (note) values ('x')",
    'alter table orders add column more text',
    'create index concurrently i on orders (note)',
    "update notes set body = 'x'",
    'with orders as (select 1 as id) select id from orders',
    "alter table orders no force row level security; update orders set note = 'x'",
    "set role clerk; update orders set note = 'x'",
  ])('are none in %s', async sql => {
    expect(await count(sql)).toBe(0)
  })

  it('depend on who owns the table, on the force, on the role and on the policies', async () => {
    const update = "update orders set note = 'x'"
    expect(await count(update, orders({ isForced: false }))).toBe(0)
    expect(await count(update, orders({ isForced: false, isOwner: false }))).toBe(1)
    expect(await count(update, orders({}, true))).toBe(0)
    expect(await count(update, orders({ showsAll: true }))).toBe(0)
    expect(
      await count(`alter table orders force row level security; ${update}`, orders({ isForced: false })),
    ).toBe(1)
  })

  it('stop a run unless they are accepted', async () => {
    const [open] = await findingsOf(rule, 'delete from orders', { policies: orders() })
    expect(open).toMatchObject({ severity: 'error', waived: null, objects: ['public.orders'] })
    const accepted = `-- lockstep: allow ${rule}: only the default tenant\ndelete from orders`
    const [waived] = await findingsOf(rule, accepted, { policies: orders() })
    expect(waived?.waived).toEqual({ by: 'inline', reason: 'only the default tenant' })
  })
})
