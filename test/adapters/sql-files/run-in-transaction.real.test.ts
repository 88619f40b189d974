import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gidFor } from '../../../electron/naming/gid.ts'
import type { OpenSqlSession } from '../../../electron/transactions/sql-session.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'
import { never, users, withTenant } from './bench.ts'
import { openOn } from './test-session.ts'

let sandbox: TestSandbox
let closeSandbox: () => Promise<void>

beforeAll(async () => {
  const opened = await openSandbox({ standbys: 0 })
  sandbox = opened.sandbox
  closeSandbox = opened.close
})
afterAll(() => closeSandbox())

describe('a migration in one transaction', () => {
  it('prepares under its identifier, and another connection commits it', async () => {
    await withTenant(sandbox, users, async bench => {
      expect(await bench.source.readHeads(bench.tenant, never)).toEqual([])
      expect(await bench.tables()).toEqual([])
      const gid = gidFor('run', 'group', bench.tenant.name)
      const { result, inspection, log } = await bench.migrate(['0002'], { gid })
      expect(result.status).toBe('finished')
      expect(inspection).toMatchObject({ heads: ['0002'], invalidIndexes: [], unvalidatedConstraints: [] })
      expect(result).toEqual({ status: 'finished', xid: inspection?.xid })
      expect(log).toEqual([
        'started in a transaction',
        '0001.0 null create table users (id int primary key, email text)',
        '0001.1 2 insert into users values (1, null), (2, null)',
        'applied 0001',
        '0002.0 null alter table users add column note text',
        'applied 0002',
        'vote',
      ])
      expect(await bench.tables()).toEqual([])
      await bench.query(`commit prepared '${gid}'`)
      expect(await bench.tables()).toEqual(['lockstep_version', 'users'])
      expect(await bench.source.readHeads(bench.tenant, never)).toEqual(['0002'])
      expect(await bench.source.verifyApplied(bench.tenant, never)).toBeNull()
      const rows = await bench.query(
        'select revision, name, length(checksum) as length, applied_at is not null as timed from lockstep_version order by 1',
      )
      expect(rows).toEqual([
        { revision: '0001', name: 'users', length: 64, timed: true },
        { revision: '0002', name: 'note', length: 64, timed: true },
      ])
    })
  })

  it('carries no lock of the inspection into the prepared transaction', async () => {
    const others = Array.from(
      { length: 20 },
      (_, index) => `create table other_${index} (id int primary key)`,
    ).join(';')
    await withTenant(sandbox, { ...users, '0000_others.up.sql': others }, async bench => {
      await bench.migrate(['0001'])
      await bench.migrate(['0002'], { gid: 'locks' })
      const rows = await bench.query(
        `select distinct l.relation::regclass::text as name from pg_locks l join pg_class c on c.oid = l.relation
         where l.pid is null and l.locktype = 'relation' and c.relname like 'other%'`,
      )
      expect(rows).toEqual([])
      await bench.query(`rollback prepared 'locks'`)
    })
  })

  it('commits without an identifier, and a second run has nothing to do', async () => {
    await withTenant(sandbox, users, async bench => {
      expect((await bench.migrate(['0002'])).result.status).toBe('finished')
      expect(await bench.source.planSteps(['0002'], ['0002'], never)).toEqual([])
    })
  })

  it('goes down and leaves an empty version table', async () => {
    await withTenant(sandbox, users, async bench => {
      await bench.migrate(['0002'])
      const { result, inspection } = await bench.migrate([])
      expect(result.status).toBe('finished')
      expect(inspection?.heads).toEqual([])
      expect(await bench.tables()).toEqual(['lockstep_version'])
      expect(await bench.source.readHeads(bench.tenant, never)).toEqual([])
    })
  })

  it('leaves nothing behind when a statement fails, and says which, where and why', async () => {
    const files = {
      ...users,
      '0002_note.up.sql':
        '-- unique\nalter table users\n  add unique (id);\n\ninsert into users\n  values (1);',
    }
    await withTenant(sandbox, files, async bench => {
      const { result, log } = await bench.migrate(['0002'], { gid: 'never' })
      expect(result).toEqual({
        status: 'rolled_back',
        failure: {
          kind: 'migration_failed',
          tenant: bench.tenant.name,
          revision: '0002',
          message: 'duplicate key value violates unique constraint "users_pkey"',
          sqlstate: '23505',
          detail: 'Key (id)=(1) already exists.',
          constraint: 'users_pkey',
          file: 'migrations/0002_note.up.sql',
          line: 5,
          statement: 'insert into users\n  values (1)',
        },
      })
      expect(log).not.toContain('vote')
      expect(await bench.tables()).toEqual([])
      expect(await bench.query('select gid from pg_prepared_xacts')).toEqual([])
    })
  })

  it('rolls back when the engine says so', async () => {
    await withTenant(sandbox, users, async bench => {
      const { result } = await bench.migrate(['0001'], {
        gid: 'never',
        observer: { readyToVote: async () => 'rollback' },
      })
      expect(result).toMatchObject({ status: 'rolled_back', failure: { kind: 'cancelled' } })
      expect(await bench.tables()).toEqual([])
    })
  })

  it('rolls back when the observer fails, such as for a full disk under the run log', async () => {
    await withTenant(sandbox, users, async bench => {
      const observer = { revisionApplied: () => Promise.reject(new Error('disk full')) }
      const { result } = await bench.migrate(['0001'], { observer })
      expect(result).toMatchObject({
        status: 'rolled_back',
        failure: { kind: 'internal', message: 'disk full' },
      })
      expect(await bench.tables()).toEqual([])
    })
  })

  it('gives the SQLSTATE of a lock that it did not get', async () => {
    await withTenant(sandbox, users, async bench => {
      await bench.migrate(['0001'])
      const holder = await bench.connect()
      await holder.query('begin; lock table users in access share mode')
      const { result } = await bench.migrate(['0002'], { lockTimeoutMs: 100 })
      expect(result).toMatchObject({
        status: 'rolled_back',
        failure: {
          kind: 'migration_failed',
          sqlstate: '55P03',
          file: 'migrations/0002_note.up.sql',
          line: 1,
        },
      })
      await holder.end()
      expect((await bench.migrate(['0002'])).result.status).toBe('finished')
    })
  })

  it('tells a cancelled statement from one that ran out of time', async () => {
    const files = { '1_wait.up.sql': 'select pg_sleep(60);' }
    await withTenant(sandbox, files, async bench => {
      const timedOut = await bench.migrate(['1'], { statementTimeoutMs: 100 })
      expect(timedOut.result).toMatchObject({ failure: { kind: 'migration_failed', sqlstate: '57014' } })
      const stop = new AbortController()
      const observer = {
        started: async ({ backendPid }: { readonly backendPid: number }) => {
          void cancelWhenWaiting(backendPid, stop)
        },
      }
      const cancelled = await bench.migrate(['1'], { signal: stop.signal, observer })
      expect(cancelled.result).toEqual({
        status: 'rolled_back',
        failure: { kind: 'cancelled', reason: 'enough' },
      })
    })
  })

  it('is unknown when the connection dies between the last word and its answer', async () => {
    const openSession: OpenSqlSession = async (tenant, signal) => {
      const session = await openOn(sandbox)(tenant, signal)
      return {
        ...session,
        query: async (sql, values) => {
          const answer = await session.query(sql, values)
          if (!sql.startsWith('prepare')) return answer
          await session.query('select pg_terminate_backend(pg_backend_pid())')
          return answer
        },
      }
    }
    await withTenant(
      sandbox,
      users,
      async bench => {
        const { result } = await bench.migrate(['0001'], { gid: 'lost' })
        expect(result).toMatchObject({
          status: 'unknown',
          failure: { kind: 'connection_lost' },
          xid: expect.stringMatching(/^\d+$/),
        })
        await bench.query(`rollback prepared 'lost'`)
      },
      { openSession },
    )
  })

  it('is rolled back when the connection dies before', async () => {
    const files = { '1_die.up.sql': 'create table t ();\nselect pg_terminate_backend(pg_backend_pid());' }
    await withTenant(sandbox, files, async bench => {
      const { result } = await bench.migrate(['1'], { gid: 'never' })
      expect(result).toMatchObject({ status: 'rolled_back', failure: { kind: 'connection_lost' } })
      expect(await bench.tables()).toEqual([])
    })
  })
})

async function cancelWhenWaiting(pid: number, stop: AbortController): Promise<void> {
  await waitUntil(async () => {
    const [row] = await sandbox.query(`select wait_event from pg_stat_activity where pid = ${pid}`)
    return row?.wait_event === 'PgSleep'
  }, 'the statement to run')
  stop.abort(new Error('enough'))
  await sandbox.query(`select pg_cancel_backend(${pid})`)
}
