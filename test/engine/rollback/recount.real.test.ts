import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { createLossFacts } from '../../../electron/adapters/postgres/losses/loss-facts.ts'
import type { EnginePorts } from '../../../electron/engine/ports/engine-ports.ts'
import type { CountRequest } from '../../../electron/engine/ports/loss-facts.ts'
import { describeOutcome } from '../../../shared/run/describe-outcome.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import {
  describeTenant,
  type EngineFixture,
  eventsOf,
  never,
  openEngineFixture,
} from '../../support/engine-fixture.ts'
import { propose, rollBack } from '../../support/roll-back.ts'

const parser = createSqlParser()

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'] })
  await fixture.sandbox.query('create role app login')
})
beforeEach(() => fixture.reset())
afterAll(() => fixture?.close())

const refunds = {
  '0002_email.down.sql': 'alter table users drop constraint users_email_key',
  '0003_refunds.up.sql': `create table refunds (id int primary key); grant select, insert on refunds to app;
    alter table users add column state text not null default 'new'`,
  '0003_refunds.down.sql': 'drop table refunds; alter table users drop column state',
}

const reason = { acceptLoss: { reason: 'a test' } }

/** Somebody does something while the question is being asked: what was told is no longer so. */
const whileAsked =
  (act: () => Promise<unknown>) =>
  (ports: EnginePorts): EnginePorts => ({
    ...ports,
    approvals: {
      ask: async (...question) => {
        await act()
        return ports.approvals.ask(...question)
      },
    },
  })

const insert = (sql: string) => whileAsked(() => fixture.sandbox.query(sql, 'birch'))

const count = async (table: string, tenant = 'birch'): Promise<unknown> =>
  (await fixture.sandbox.query(`select count(*)::int as n from ${table}`, tenant))[0]!.n

async function expectVoid(back: Awaited<ReturnType<typeof rollBack>>, moved: string, undoes: string) {
  expect(back).toMatchObject({ outcome: 'approval_refused', exitCode: 4 })
  expect(back.failure).toMatchObject({ kind: 'plan_void', undoes, moved: [moved] })
  expect(eventsOf(back.events, 'rollback.proven').map(event => event.equal)).toEqual([true, true])
  expect(describeOutcome(foldAll(back.events))).toEqual({
    verdict:
      'The approval does not fit the rollback any more. Nothing was changed: 2 tenants proven to be as before.',
    next: `lockstep rollback ${undoes} --propose`,
  })
  expect(await fixture.prepared()).toEqual([])
}

describe('a downgrade counts again when nobody can write any more', () => {
  test.each([
    ['insert into refunds values (4711)', '1 row of table public.refunds'],
    [`insert into users values (9, 'eve', 'paid')`, '1 value of column public.users.state'],
  ])('and is refused where nothing was to be lost: %s', async (sql, lost) => {
    fixture.addMigrations(refunds)
    const run = await fixture.run()
    const after = await fixture.read()
    const back = await rollBack(fixture, run.runId, { change: insert(sql) })
    await expectVoid(back, `tenant birch would lose ${lost}, not nothing`, run.runId)
    expect(await fixture.read()).toEqual(after)
    expect([await count('refunds'), await count('users')]).toContainEqual(sql.includes('refunds') ? 1 : 3)
  })

  test('and is refused where more would be lost than was accepted, but not where it is as much or less', async () => {
    fixture.addMigrations(refunds)
    const run = await fixture.run()
    await fixture.sandbox.query('insert into refunds values (1), (2)', 'birch')
    const more = await rollBack(fixture, run.runId, {
      ...reason,
      change: insert('insert into refunds values (3)'),
    })
    await expectVoid(
      more,
      'tenant birch would lose 3 rows of table public.refunds, not 2 rows of table public.refunds',
      run.runId,
    )
    const less = await rollBack(fixture, run.runId, {
      ...reason,
      change: insert('delete from refunds where id > 1'),
    })
    expect(less).toMatchObject({ outcome: 'migrated', exitCode: 0 })
  })

  test('and loses no row of an application that writes all the time, as a role of its own', async () => {
    fixture.addMigrations(refunds)
    const run = await fixture.run()
    const client = await fixture.sandbox.connect('birch', fixture.sandbox.primary, 'app')
    const acknowledged: number[] = []
    let isOver = false
    const write = async (): Promise<void> => {
      for (let id = 1; !isOver; id += 1) {
        await client.query('insert into refunds values ($1)', [id])
        acknowledged.push(id)
        await setImmediate()
      }
    }
    let writing: Promise<void> = Promise.resolve()
    const back = await rollBack(fixture, run.runId, {
      change: whileAsked(async () => {
        writing = write()
        while (acknowledged.length === 0) await setImmediate()
      }),
    })
    isOver = true
    await writing
    expect(back).toMatchObject({ outcome: 'approval_refused', failure: { kind: 'plan_void' } })
    const kept = await fixture.sandbox.query('select id from refunds order by id', 'birch')
    expect(kept.map(row => row.id)).toEqual(acknowledged)
    await client.end()
  })

  test('also where each tenant goes alone, in a transaction or outside of one', async () => {
    fixture.addMigrations({
      ...refunds,
      '0004_index.up.sql': 'create index concurrently users_state on users (state)',
      '0004_index.down.sql': 'drop index concurrently users_state',
    })
    const run = await fixture.run()
    const after = await fixture.read()
    const proposal = await propose(fixture, run.runId)
    expect(proposal).toMatchObject({ isLossless: true, refusal: null })
    const back = await rollBack(fixture, run.runId, {
      tenants: ['birch'],
      change: insert('insert into refunds values (1)'),
    })
    expect(eventsOf(back.events, 'group.started')).toMatchObject([{ mode: 'independent' }])
    expect(back).toMatchObject({ outcome: 'approval_refused', exitCode: 4, failure: { kind: 'plan_void' } })
    // The index would go first, outside of a transaction: it is asked before anything is dropped.
    expect(await fixture.read()).toEqual(after)
    expect(await count('refunds')).toBe(1)
  })

  test('and says that nothing can be promised for what goes outside a transaction', async () => {
    fixture.addMigrations({
      ...refunds,
      '0003_refunds.down.sql':
        '-- lockstep: no-transaction\ndrop table refunds; alter table users drop column state',
    })
    const run = await fixture.run()
    const proposal = await propose(fixture, run.runId)
    expect(proposal.tenants[1]).toMatchObject({
      losses: [
        'what others write to public.refunds, public.users until it is gone: undoing revision 0003 runs outside a transaction, so nothing keeps them from it',
      ],
      rowsLost: null,
    })
    expect((await rollBack(fixture, run.runId)).failure).toMatchObject({ kind: 'loss_not_accepted' })
    const seen = await rollBack(fixture, run.runId, {
      ...reason,
      tenants: ['birch'],
      change: insert('insert into refunds values (1)'),
    })
    expect(seen).toMatchObject({ outcome: 'approval_refused', failure: { kind: 'plan_void' } })
    expect(await count('refunds')).toBe(1)
    const accepted = await rollBack(fixture, run.runId, {
      ...reason,
      tenants: ['acorn'],
    })
    expect(accepted.outcome).toBe('migrated')
  })
})

describe('what a downgrade does to tables that stay', () => {
  const full = { rehearsal: { data: 'full' } }

  test('is held against the rehearsal on all rows: nothing told, nothing deleted', async () => {
    fixture.addMigrations({
      '0002_email.up.sql': 'create table extra ()',
      '0002_email.down.sql': "drop table extra; delete from users where email like 'test%'",
    })
    const run = await fixture.run()
    expect(await propose(fixture, run.runId, { settings: full })).toMatchObject({ isLossless: true })
    const back = await rollBack(fixture, run.runId, {
      settings: full,
      change: insert("insert into users values (9, 'test 1')"),
    })
    await expectVoid(
      back,
      'tenant birch: 1 row of table public.users would be deleted, and 0 were told',
      run.runId,
    )
    expect(await count('users')).toBe(3)
  })

  test('is told where it empties, overwrites or converts, also where the copy holds no rows', async () => {
    const losing = async (down: string, settings = {}) => {
      await fixture.reset()
      fixture.addMigrations({
        '0002_email.up.sql': 'alter table users add column n numeric(10, 4); update users set n = 1.25',
        '0002_email.down.sql': `${down}; alter table users drop column n`,
      })
      const run = await fixture.run()
      await fixture.sandbox.query('update users set n = null', 'birch')
      return (await propose(fixture, run.runId, { settings })).tenants[1]!.losses
    }
    const all = '2 rows of table public.users'
    expect(await losing('truncate users')).toEqual([all])
    expect(await losing('do $$ begin truncate users; end $$')).toEqual([all])
    expect(await losing("update users set email = 'gone'", full)).toEqual([
      'values of column public.users.email, which the downgrade overwrites',
    ])
    expect(await losing('delete from users where id = 1', full)).toEqual(['public.users: 2 rows become 1'])
  })

  test('is counted where a type may cut values off, and not where the server would refuse that', async () => {
    const change = async (to: string, from: string) => {
      await fixture.reset()
      fixture.addMigrations({
        '0002_email.up.sql': `alter table users alter email type ${to}`,
        '0002_email.down.sql': `alter table users alter email type ${from}`,
      })
      const run = await fixture.run()
      return run.runId
    }
    const safe = await change('varchar(300)', 'text')
    expect((await propose(fixture, safe)).isLossless).toBe(true)
    await fixture.sandbox.query('alter table users alter email type varchar(9) using left(email, 9)', 'base')
    try {
      const cut = await change('text', 'varchar(9) using left(email, 9)')
      expect((await propose(fixture, cut)).tenants[1]!.losses).toEqual([
        '2 values of column public.users.email in part: text becomes character varying(9)',
      ])
      const back = await rollBack(fixture, cut, {
        ...reason,
        change: insert("insert into users values (3, 'a long one')"),
      })
      await expectVoid(
        back,
        'tenant birch would lose 3 values of column public.users.email in part: text becomes character varying(9), not 2 values of column public.users.email in part: text becomes character varying(9)',
        cut,
      )
    } finally {
      await fixture.sandbox.query('alter table users alter email type text', 'base')
    }
  })
})

describe('what no row counter shows', () => {
  /** Goes up and down by one revision, which must be refused for birch, where `change` was made after the run. */
  const lose = async (up: string, down: string, change: string) => {
    fixture.addMigrations({ '0002_email.up.sql': up, '0002_email.down.sql': down })
    const run = await fixture.run()
    await fixture.sandbox.query(change, 'birch')
    return run.runId
  }

  test.each([
    ['TRUNCATE', 'truncate users'],
    ['an expression of ALTER TABLE', 'alter table users alter email type text using left(email, 1)'],
    ['TRUNCATE of several', 'truncate users, notes'],
    [
      'another table in its place',
      'create table other (like users including all); drop table users; alter table other rename to users; alter index other_pkey rename to users_pkey',
    ],
    ['TRUNCATE behind a savepoint', 'begin truncate users; exception when division_by_zero then null; end'],
  ])('is found before the vote: %s for some tenants only', async (_what, statement) => {
    const runId = await lose(
      'create table notes ()',
      `do $$ begin if (select count(*) from users) > 2 then ${statement}; end if; end $$; drop table notes`,
      "insert into users values (3, 'a long one')",
    )
    expect(await propose(fixture, runId)).toMatchObject({ isLossless: true })
    const back = await rollBack(fixture, runId)
    const moved =
      'tenant birch: table public.users would be emptied or rewritten as a whole, which was not told'
    await expectVoid(back, moved, runId)
    expect(await count('users')).toBe(3)
  })

  test('is told and counted: an expression that works values out again, of the same type', async () => {
    const runId = await lose(
      'alter table users add column k int',
      'alter table users alter email type text using left(email, 3); alter table users drop column k',
      "insert into users values (3, 'a long one')",
    )
    const { tenants } = await propose(fixture, runId)
    expect(tenants.map(({ losses }) => losses)).toEqual([
      ['2 values of column public.users.email in part: an expression computes them again'],
      ['3 values of column public.users.email in part: an expression computes them again'],
    ])
    expect((await rollBack(fixture, runId)).failure).toMatchObject({ kind: 'loss_not_accepted' })
  })

  test('is told: where a sequence stands that goes or is set back, but not one of a column that goes', async () => {
    for (const tenant of ['acorn', 'birch']) await fixture.sandbox.query('create sequence kept', tenant)
    const runId = await lose(
      `create sequence invoices; create sequence unused;
       alter table users add column number serial`,
      "drop sequence invoices, unused; select setval('kept', 7); alter table users drop column number",
      "select setval('invoices', 5000)",
    )
    const { tenants } = await propose(fixture, runId)
    const set = 'sequence public.kept is set from its beginning to 7'
    const numbers = '2 values of column public.users.number'
    expect(tenants.map(({ losses }) => losses)).toEqual([
      [set, numbers],
      [set, numbers, 'sequence public.invoices, which has given out 5000 numbers'],
    ])
    expect((await rollBack(fixture, runId)).failure).toMatchObject({ kind: 'loss_not_accepted' })
    const more = await rollBack(fixture, runId, {
      ...reason,
      change: insert("select setval('invoices', 5001)"),
    })
    expect(more).toMatchObject({ exitCode: 4, failure: { kind: 'plan_void' } })
    expect((await rollBack(fixture, runId, reason)).outcome).toBe('migrated')
  })
})

describe('a count', () => {
  const rows: CountRequest = { kind: 'rows', table: 'public.notes' }
  const settingsOf = (user: string) => {
    const { host, port } = fixture.sandbox.primary
    const base = {
      name: 'primary',
      cluster: 'main',
      declaredRole: 'primary',
      maintenanceDatabase: 'postgres',
      tls: 'disable',
    }
    return [{ ...base, host, port, user, password: fixture.sandbox.superuser.password }] as Parameters<
      typeof createLossFacts
    >[0]
  }
  const countInside = async (user: string, before = '', tenant = describeTenant('acorn')) => {
    const planned = await createLossFacts(settingsOf('postgres'), parser).planCount(tenant, [rows], never)
    const client = await fixture.sandbox.connect('acorn', fixture.sandbox.primary, user)
    await client.query(`begin; ${before}`)
    const found: Record<string, readonly Record<string, unknown>[]> = {}
    for (const { name, sql } of planned.queries)
      found[name] = (await client.query<Record<string, unknown>>(sql)).rows
    const role = (await client.query('select current_role as role')).rows[0].role
    await client.query('rollback')
    await client.end()
    return { counts: planned.read(found), role }
  }

  beforeEach(async () => {
    await fixture.sandbox.query(
      `do $$ begin if to_regrole('keeper') is null then create role keeper login; end if; end $$;
       create table notes (tenant text); insert into notes values ('a'), ('b');
       alter table notes owner to keeper; alter table notes enable row level security, force row level security;
       create policy own on notes using (tenant = 'a')`,
      'acorn',
    )
  })

  test('that a row-level policy would narrow is none', async () => {
    const facts = (user: string) =>
      createLossFacts(settingsOf(user), parser).count(describeTenant('acorn'), [rows], never)
    expect(await facts('postgres')).toEqual([2])
    expect(await facts('keeper')).toEqual([null])
    expect((await countInside('keeper')).counts).toEqual([null])
  })

  test('is made as the login where a migration has taken a role that a policy holds, and gives the role back', async () => {
    expect(await countInside('postgres', 'set role keeper')).toEqual({ counts: [2], role: 'keeper' })
  })

  test('is of the own schema of a tenant that is one, and then of what all share', async () => {
    const own = { ...describeTenant('acorn'), schema: 'Order 3' }
    expect((await countInside('postgres', '', own)).counts).toEqual([2])
    await fixture.sandbox.query('create schema "Order 3"; create table "Order 3".notes ()', 'acorn')
    expect((await countInside('postgres', '', own)).counts).toEqual([0])
    await fixture.sandbox.query('drop table "Order 3".notes, notes', 'acorn')
    expect((await countInside('postgres', '', own)).counts).toEqual([0])
  })
})
