import { describe, expect, it } from 'vitest'
import { createLockTracer } from '../../../electron/adapters/postgres/locks/lock-tracer.ts'
import { serverOf } from '../../support/postgres-versions.ts'
import { type FollowedStatement, followTrace } from '../postgres/lock-forms/follow-trace.ts'
import { TraceBench } from '../postgres/lock-forms/trace-bench.ts'
import { describeServer } from '../postgres/sandbox-settings.ts'
import { type Bench, never, withTenant } from './bench.ts'

const server = serverOf('18')
const tracer = createLockTracer(() => describeServer(server(), server().primary))

const first = `create table customers (id int primary key, name text);
insert into customers select n, 'name' from generate_series(1, 50) n;
create table orders (id int primary key, customer_id int, amount int, constraint customer foreign key (customer_id)
  references customers deferrable initially deferred);
insert into orders select n, n, n from generate_series(1, 40) n`
const second = `alter table orders add column note text;
create index orders_note on orders (note);
update customers set name = 'x' where id < 10`
const third = `alter table orders alter column amount type bigint;
alter table customers add constraint named check (name is not null) not valid`

const files = {
  '0001_first.up.sql': first,
  '0002_second.up.sql': second,
  '0003_third.up.sql': third,
}

/** Migrates to 0001, and then on with a trace. */
async function follow(bench: Bench, target: string, gid?: string): Promise<readonly FollowedStatement[]> {
  const { observer, followed } = followTrace(tracer)
  await bench.migrate(['0001'])
  const { result } = await bench.migrate([target], {
    observer,
    trace: tracer.queries,
    ...(gid === undefined ? {} : { gid }),
  })
  expect(result).toMatchObject({ status: 'finished' })
  return followed
}

describe('a traced migration of SQL files', () => {
  it('shows of each statement what the tracer shows of it alone, and nothing of its own bookkeeping', async () => {
    await withTenant(server(), files, async bench => {
      await server().query('create database alone')
      await server().query(first, 'alone')
      const alone = await TraceBench.open(server(), 'alone')
      const expected = await alone.inside([second, third].flatMap(text => text.split(';\n')))
      await alone.close()
      const followed = await follow(bench, '0003')
      expect(followed.map(({ sql: _, ...trace }) => trace)).toEqual(expected)
      expect(followed.map(({ locks }) => locks.filter(lock => lock.isNew && lock.kind === 'r'))).toEqual([
        [{ relation: 'public.orders', kind: 'r', mode: 'AccessExclusiveLock', isNew: true }],
        [],
        [{ relation: 'public.customers', kind: 'r', mode: 'RowExclusiveLock', isNew: true }],
        [],
        [{ relation: 'public.customers', kind: 'r', mode: 'AccessExclusiveLock', isNew: true }],
      ])
      expect(followed.map(({ rewrites }) => rewrites)).toEqual([
        [],
        [],
        [],
        ['public.orders', 'public.orders_pkey'],
        [],
      ])
      expect(followed.at(-1)?.invalid).toEqual(['public.customers.named'])
    })
  })

  it('ends in the same schema and prepares the same locks as without a trace', async () => {
    const ends: unknown[] = []
    for (const trace of [undefined, tracer.queries]) {
      await withTenant(server(), files, async bench => {
        await bench.migrate(['0001'])
        const { inspection } = await bench.migrate(['0003'], { gid: 'ends', ...(trace && { trace }) })
        const locks = await bench.query(
          `select distinct l.relation::regclass::text as name, l.mode from pg_locks l
           where l.pid is null and l.locktype = 'relation' and l.relation >= 16384
             and l.relation in (select oid from pg_class where relnamespace = 'public'::regnamespace) order by 1, 2`,
        )
        await bench.query(`rollback prepared 'ends'`)
        ends.push({ fingerprint: inspection?.fingerprint, locks })
      })
    }
    expect(ends[0]).toMatchObject({ fingerprint: expect.stringMatching(/./) })
    expect(ends[1]).toEqual(ends[0])
  })

  it('holds the locks of a statement until its observer has looked from another session', async () => {
    await withTenant(server(), files, async bench => {
      const seen: unknown[] = []
      await bench.migrate(['0001'])
      await bench.migrate(['0002'], {
        trace: tracer.queries,
        observer: {
          statement: async () => {
            const rows = await bench.query(
              `select mode from pg_locks where relation = 'orders'::regclass and pid <> pg_backend_pid()
               order by mode`,
            )
            seen.push(rows.map(row => row.mode))
          },
        },
      })
      expect(seen).toEqual([
        ['AccessExclusiveLock'],
        ['AccessExclusiveLock', 'ShareLock'],
        ['AccessExclusiveLock', 'ShareLock'],
      ])
    })
  })

  it('obeys neither the search path nor the limits of a file, and keeps them for the next statement', async () => {
    const odd = {
      ...files,
      '0002_second.up.sql': `set search_path = '';
set statement_timeout = '1h';
set lock_timeout = '2h';
create table public.fresh (id int);
alter table public.orders add column note text;
select 1 / (case when current_setting('search_path') = '""' and current_setting('statement_timeout') = '1h'
  and current_setting('lock_timeout') = '2h' then 1 else 0 end)`,
    }
    const sql = `select current_setting('search_path') || ' ' || current_setting('statement_timeout') || ' '
      || current_setting('lock_timeout') as held`
    await withTenant(server(), odd, async bench => {
      const { observer, followed } = followTrace(tracer)
      const held: unknown[] = []
      await bench.migrate(['0001'])
      const { result } = await bench.migrate(['0002'], {
        observer: {
          ...observer,
          async statement(facts) {
            held.push(facts.trace?.held?.[0]?.held)
            await observer.statement?.(facts)
          },
        },
        trace: [...tracer.queries, { name: 'held', sql }],
      })
      expect(result).toMatchObject({ status: 'finished' })
      expect(held).toEqual(Array(6).fill(' 0 0'))
      expect(followed.map(({ locks }) => locks.map(lock => `${lock.relation} ${lock.isNew}`))).toEqual([
        [],
        [],
        [],
        [],
        ['public.orders true'],
        ['public.orders false'],
      ])
    })
  })

  it('shows a savepoint that is given back as a file may, through a block that catches its own error', async () => {
    const odd = {
      ...files,
      '0002_second.up.sql': `do $$ begin
  alter table orders add column note text;
  perform 1 / 0;
exception when division_by_zero then null; end $$;
alter table customers add column note text`,
    }
    await withTenant(server(), odd, async bench => {
      const followed = await follow(bench, '0002')
      expect(followed.map(({ locks }) => locks.map(lock => lock.relation))).toEqual([
        [],
        ['public.customers'],
      ])
    })
  })

  it('watches what runs outside a transaction, and holds the locks of what could run in one', async () => {
    const outside = {
      ...files,
      '0002_second.up.sql': `-- lockstep: no-transaction
create index concurrently if not exists orders_amount on orders (amount);
alter table customers alter column name set not null;
update customers set name = 'y' where id = 1;
do $$ begin perform 1; end $$;
reindex table concurrently orders`,
    }
    await withTenant(server(), outside, async bench => {
      await bench.migrate(['0001'])
      const place = { server: 'primary', database: bench.tenant.database }
      const followed = await tracer.withWatch(
        place,
        async watch => {
          const { observer, followed } = followTrace(tracer, watch)
          const { result } = await bench.migrate(['0002'], { observer, trace: tracer.queries })
          expect(result).toMatchObject({ status: 'finished' })
          return followed
        },
        never,
      )
      const tables = followed.map(({ locks }) => locks.filter(lock => lock.kind === 'r'))
      expect(tables).toEqual([
        [{ relation: 'public.orders', kind: 'r', mode: 'ShareUpdateExclusiveLock', isNew: true }],
        [{ relation: 'public.customers', kind: 'r', mode: 'AccessExclusiveLock', isNew: true }],
        [{ relation: 'public.customers', kind: 'r', mode: 'RowExclusiveLock', isNew: true }],
        [],
        [{ relation: 'public.orders', kind: 'r', mode: 'ShareUpdateExclusiveLock', isNew: true }],
      ])
      expect(followed.map(({ scans }) => scans)).toEqual([
        [{ relation: 'public.orders', rows: 80 }],
        [{ relation: 'public.customers', rows: 50 }],
        [],
        [],
        [{ relation: 'public.orders', rows: 160 }],
      ])
      expect(followed[4]?.rewrites).toEqual(['public.orders_pkey'])
    })
  })

  it('lets go of a statement that fails, so that what it left can be taken away', async () => {
    const broken = {
      ...files,
      '0002_second.up.sql': 'create unique index concurrently orders_twice on orders ((amount / 100))',
    }
    await withTenant(server(), broken, async bench => {
      await bench.migrate(['0001'])
      const place = { server: 'primary', database: bench.tenant.database }
      const result = await tracer.withWatch(
        place,
        async watch => {
          const { observer } = followTrace(tracer, watch)
          return (await bench.migrate(['0002'], { observer, trace: tracer.queries })).result
        },
        never,
      )
      expect(result).toMatchObject({ status: 'rolled_back', failure: { sqlstate: '23505' } })
      expect(await bench.query(`select from pg_class where relname = 'orders_twice'`)).toEqual([])
    })
  })
})
