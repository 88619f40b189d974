import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenSqlSession } from '../../../electron/transactions/sql-session.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'
import { never, withTenant } from './bench.ts'
import { openOn } from './test-session.ts'

let sandbox: TestSandbox
let closeSandbox: () => Promise<void>

beforeAll(async () => {
  const opened = await openSandbox({ standbys: 0 })
  sandbox = opened.sandbox
  closeSandbox = opened.close
})
afterAll(() => closeSandbox())

describe('several files in one transaction', () => {
  it('each find the session as in a run of their own, whatever the one before them set', async () => {
    const files = {
      '1_dump.up.sql': `set statement_timeout = 0; set lock_timeout = 0; select pg_catalog.set_config('search_path', '', false);
        create role other_owner; set role other_owner; set local work_mem = '1MB'; reset idle_in_transaction_session_timeout;`,
      '2_read.up.sql': `create table seen as select current_user::text as role, current_setting('search_path') as path,
        current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
        current_setting('work_mem') as memory;`,
    }
    await withTenant(sandbox, files, async bench => {
      const { result } = await bench.migrate(['2'], { gid: 'settings' })
      expect(result.status).toBe('finished')
      expect(await bench.query(`select owner from pg_prepared_xacts where gid = 'settings'`)).toEqual([
        { owner: 'postgres' },
      ])
      await bench.query(`commit prepared 'settings'`)
      expect(await bench.query('select * from seen')).toEqual([
        { role: 'postgres', path: '"$user", public', lock: '5s', statement: '30s', memory: '4MB' },
      ])
      await bench.query('drop role other_owner')
    })
  })

  it('run their deferred checks between them, so that the next one can alter the table', async () => {
    const files = {
      '1_pair.up.sql': `create table a (id int primary key, b int);
        create table b (id int primary key, a int references a deferrable initially deferred);
        alter table a add foreign key (b) references b deferrable initially deferred;
        insert into a values (1, 1); insert into b values (1, 1);`,
      '2_alter.up.sql':
        'alter table b add column note text;\ninsert into a values (2, 2); insert into b values (2, 2);',
    }
    await withTenant(sandbox, files, async bench => {
      expect((await bench.migrate(['2'])).result).toMatchObject({ status: 'finished' })
    })
  })

  it('fail at the file that breaks a deferred constraint, not at the vote', async () => {
    const files = {
      '1_a.up.sql':
        'create table a (id int primary key, parent int references a deferrable initially deferred);',
      '2_b.up.sql': 'insert into a values (1, 7);',
      '3_c.up.sql': 'select 1;',
    }
    await withTenant(sandbox, files, async bench => {
      expect((await bench.migrate(['3'])).result).toMatchObject({
        failure: {
          sqlstate: '23503',
          revision: '2',
          file: 'migrations/2_b.up.sql',
          constraint: 'a_parent_fkey',
        },
      })
    })
  })
})

describe('a file outside of a transaction', () => {
  const index = {
    '1_t.up.sql': 'create table t (x int); insert into t values (1), (1);',
    '2_i.up.sql': 'create unique index concurrently "T x" on t (x);',
    '3_v.up.sql': '-- lockstep: no-transaction\nvacuum t; analyze t;',
  }

  it('makes its index, notes itself as applied and lets the engine look at the result', async () => {
    await withTenant(sandbox, index, async bench => {
      await bench.migrate(['1'])
      await bench.query('delete from t where ctid = (select min(ctid) from t)')
      const { result, inspection, log } = await bench.migrate(['2'])
      expect(result).toEqual({ status: 'finished', xid: null })
      expect(inspection).toMatchObject({ heads: ['2'], invalidIndexes: [], xid: null })
      expect(log).toEqual([
        'started',
        '2.0 null create unique index concurrently "T x" on t (x)',
        'applied 2',
        'vote',
      ])
      expect((await bench.migrate(['3'])).result.status).toBe('finished')
      expect(await bench.source.readHeads(bench.tenant, never)).toEqual(['3'])
    })
  })

  it('is noted as applied also when a stop comes after its last statement: what has run cannot be undone', async () => {
    const stop = new AbortController()
    const openSession: OpenSqlSession = async (tenant, signal) => {
      const session = await openOn(sandbox)(tenant, signal)
      return {
        ...session,
        // As the sessions of the product do.
        query: async (sql, values) => {
          if (signal.aborted) throw new LockstepError({ kind: 'cancelled', reason: 'enough' })
          return session.query(sql, values)
        },
      }
    }
    await withTenant(
      sandbox,
      index,
      async bench => {
        await bench.migrate(['1'])
        await bench.query('delete from t where ctid = (select min(ctid) from t)')
        const observer = { statement: async () => stop.abort(new Error('enough')) }
        const { result } = await bench.migrate(['2'], { signal: stop.signal, observer })
        expect(result).toEqual({ status: 'finished', xid: null })
        expect(await bench.source.readHeads(bench.tenant, never)).toEqual(['2'])
      },
      { openSession },
    )
  })

  it.each([
    'create index concurrently made on t (x)',
    'create unique index concurrently made on public.t using btree (x asc nulls last, y desc) include (z)',
    'create index concurrently made on only t using gin (w) with (fastupdate = off)',
    `create index concurrently made on t (lower(y)) where z > 7`,
    `create index concurrently "made" on t (x) where y is not null`,
  ])('does not make an index again that an attempt left that was cut off: %s', async statement => {
    const files = {
      '1_t.up.sql':
        'create table t (x int, y text, z int, w int[]); insert into t values (1, null, 2, null);',
      '2_i.up.sql': `${statement};`,
    }
    await withTenant(sandbox, files, async bench => {
      await bench.migrate(['1'])
      await bench.query(statement)
      const [made] = await bench.query(`select 'made'::regclass::oid as oid`)
      expect((await bench.migrate(['2'])).result).toEqual({ status: 'finished', xid: null })
      expect(await bench.query(`select 'made'::regclass::oid as oid`)).toEqual([made])
      expect(await bench.source.readHeads(bench.tenant, never)).toEqual(['2'])
    })
  })

  it.each([
    'create index made on t (y)',
    'create unique index made on t (x)',
    'create index made on t (x desc)',
    'create index made on t (x) where x > 0',
    'create index made on t using hash (x)',
  ])('takes no other index of that name for its own: %s', async other => {
    const files = {
      '1_t.up.sql': 'create table t (x int, y int);',
      '2_i.up.sql': 'create index concurrently made on t (x);',
    }
    await withTenant(sandbox, files, async bench => {
      await bench.migrate(['1'])
      await bench.query(other)
      expect((await bench.migrate(['2'])).result).toMatchObject({ failure: { sqlstate: '42P07' } })
    })
  })

  it('removes the broken index that it leaves itself', async () => {
    await withTenant(sandbox, index, async bench => {
      await bench.migrate(['1'])
      const { result } = await bench.migrate(['2'])
      expect(result).toMatchObject({
        status: 'rolled_back',
        failure: { kind: 'migration_failed', sqlstate: '23505', revision: '2' },
      })
      expect(await bench.query(`select from pg_class where relname = 'T x'`)).toEqual([])
      expect(await bench.source.readHeads(bench.tenant, never)).toEqual(['1'])
    })
  })

  it('replaces the broken index of an attempt that was killed, also with `if not exists`', async () => {
    const files = {
      ...index,
      '2_i.up.sql': 'create unique index concurrently if not exists "T x" on public.t (x);',
    }
    await withTenant(sandbox, files, async bench => {
      await bench.migrate(['1'])
      await expect(bench.query('create unique index concurrently "T x" on t (x)')).rejects.toThrow(
        'could not create',
      )
      expect(await bench.query("select indisvalid from pg_index where indrelid = 't'::regclass")).toEqual([
        { indisvalid: false },
      ])
      await bench.query('delete from t where ctid = (select min(ctid) from t)')
      expect((await bench.migrate(['2'])).result.status).toBe('finished')
      expect(await bench.query("select indisvalid from pg_index where indrelid = 't'::regclass")).toEqual([
        { indisvalid: true },
      ])
    })
  })

  it('leaves an index of that name alone that is on another table, broken or not', async () => {
    const files = {
      ...index,
      '2_i.up.sql': 'create unique index concurrently if not exists "T x" on public.t (x);',
    }
    await withTenant(sandbox, files, async bench => {
      await bench.migrate(['1'])
      await bench.query('create table other as select x from t')
      await expect(bench.query('create unique index concurrently "T x" on other (x)')).rejects.toThrow(
        'could not create',
      )
      expect((await bench.migrate(['2'])).result).toMatchObject({
        status: 'rolled_back',
        failure: { kind: 'inspection_failed', evidence: ['there is no index T x on public.t'] },
      })
      expect(await bench.query("select indisvalid from pg_index where indrelid = 'other'::regclass")).toEqual(
        [{ indisvalid: false }],
      )
    })
  })

  it('is refused in a transaction', async () => {
    await withTenant(sandbox, index, async bench => {
      await bench.migrate(['1'])
      const steps = await bench.source.planSteps(['1'], ['2'], never)
      const result = await bench.source.migrate(
        {
          tenant: bench.tenant,
          from: ['1'],
          steps,
          transactional: true,
          lockTimeoutMs: 1000,
          statementTimeoutMs: 1000,
          gid: null,
        },
        {
          started: async () => {},
          statement: async () => {},
          revisionApplied: async () => {},
          readyToVote: async () => 'finish',
        },
        never,
      )
      expect(result).toMatchObject({
        status: 'rolled_back',
        failure: { kind: 'not_transactional', revision: '2' },
      })
    })
  })
})
