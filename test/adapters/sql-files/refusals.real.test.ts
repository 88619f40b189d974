import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordAppliedFile } from '../../../electron/adapters/sql-files/record-applied-file.ts'
import { gidFor } from '../../../electron/naming/gid.ts'
import type { OpenSqlSession } from '../../../electron/transactions/sql-session.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'
import { never, users, withTenant } from './bench.ts'
import { openOn } from './test-session.ts'
import { writeFiles } from './write-migrations.ts'

let sandbox: TestSandbox
let closeSandbox: () => Promise<void>

beforeAll(async () => {
  const opened = await openSandbox({ standbys: 0 })
  sandbox = opened.sandbox
  closeSandbox = opened.close
})
afterAll(() => closeSandbox())

describe('what a file may not do', () => {
  it.each(['commit', 'rollback', 'savepoint a', `prepare transaction 'x'`])(
    'is refused before anything runs: %s',
    async sql => {
      await withTenant(
        sandbox,
        { '1_a.up.sql': 'create table t ();', '2_b.up.sql': `select 1;\n${sql};` },
        async bench => {
          await expect(bench.source.planSteps([], ['2'], never)).rejects.toMatchObject({
            failure: { kind: 'source_failed', file: 'migrations/2_b.up.sql', line: 2 },
          })
        },
      )
    },
  )

  it('is refused by the server inside of functions, where it cannot be seen beforehand', async () => {
    await withTenant(
      sandbox,
      { '1_a.up.sql': 'create table t ();\ndo $$ begin commit; end $$;' },
      async bench => {
        const { result } = await bench.migrate(['1'])
        expect(result).toMatchObject({ status: 'rolled_back', failure: { sqlstate: '2D000', line: 2 } })
        expect(await bench.tables()).toEqual([])
      },
    )
  })

  it('is found out when the transaction is another one before the vote', async () => {
    const openSession: OpenSqlSession = async (tenant, signal) => {
      const session = await openOn(sandbox)(tenant, signal)
      return {
        ...session,
        query: async (sql, values) => {
          const answer = await session.query(sql, values)
          if (sql.startsWith('alter table users'))
            await session.query('commit; begin; create table sneaked ()')
          return answer
        },
      }
    }
    await withTenant(
      sandbox,
      users,
      async bench => {
        const { result, log } = await bench.migrate(['0002'], { gid: 'never' })
        expect(result).toMatchObject({
          status: 'rolled_back',
          failure: { kind: 'committed_behind_our_back' },
        })
        expect(log).not.toContain('vote')
      },
      { openSession },
    )
  })

  it('is run alone, and committed by itself, when it works but cannot be prepared', async () => {
    const files = {
      '1_a.up.sql':
        'create temp table found on commit drop as select 1 as id;\ncreate table t as select * from found;',
    }
    await withTenant(sandbox, files, async bench => {
      const [step] = await bench.source.planSteps([], ['1'], never)
      expect(step?.transactional).toBe(false)
      expect((await bench.migrate(['1'], { gid: 'never' })).result).toMatchObject({
        failure: { kind: 'not_transactional' },
      })
      expect((await bench.migrate(['1'])).result.status).toBe('finished')
      expect(await bench.tables()).toEqual(['lockstep_version', 't'])
    })
  })
})

describe('what a tenant holds', () => {
  it('must be where the plan starts, both ways', async () => {
    await withTenant(sandbox, users, async bench => {
      const early = await bench.migrate(['0002'], { from: ['0001'] })
      expect(early.result).toMatchObject({
        status: 'rolled_back',
        failure: {
          kind: 'migration_failed',
          message: 'the tenant is at no revision, and the plan starts from 0001',
        },
      })
      await bench.migrate(['0001'])
      const late = await bench.migrate(['0002'], { from: [] })
      expect(late.result).toMatchObject({
        failure: { message: 'the tenant is at 0001, and the plan starts from none' },
      })
    })
  })

  it('is refused when an applied file was edited, at planning and again under the lock', async () => {
    await withTenant(sandbox, users, async bench => {
      await bench.migrate(['0001'])
      await writeFiles(bench.folder, { '0001_users.up.sql': 'create table users (id int);' })
      await bench.source.describe(never)
      const edited = {
        kind: 'migration_edited',
        file: 'migrations/0001_users.up.sql',
        revision: '0001',
        tenant: bench.tenant.name,
      }
      expect(await bench.source.verifyApplied(bench.tenant, never)).toMatchObject(edited)
      expect((await bench.migrate(['0002'])).result).toMatchObject({ status: 'rolled_back', failure: edited })
    })
  })

  it('is refused when the file of a step was edited after planning', async () => {
    await withTenant(sandbox, users, async bench => {
      const steps = await bench.source.planSteps([], ['0001'], never)
      await writeFiles(bench.folder, { '0001_users.up.sql': 'create table users (id int);' })
      await bench.source.describe(never)
      const request = {
        tenant: bench.tenant,
        from: [],
        steps,
        transactional: true,
        lockTimeoutMs: 1000,
        statementTimeoutMs: 1000,
        gid: null,
      }
      const observer = {
        started: async () => {},
        statement: async () => {},
        revisionApplied: async () => {},
        readyToVote: async () => 'finish' as const,
      }
      expect(await bench.source.migrate(request, observer, never)).toMatchObject({
        status: 'rolled_back',
        failure: { kind: 'migration_edited' },
      })
      expect(await bench.tables()).toEqual([])
    })
  })

  it('is refused when a revision of it is gone from the folder', async () => {
    await withTenant(sandbox, users, async bench => {
      await bench.migrate(['0001'])
      await bench.query(`insert into lockstep_version values ('0007', 'gone', 'x', now())`)
      expect(await bench.source.verifyApplied(bench.tenant, never)).toMatchObject({
        kind: 'revision_unknown',
        revision: '0007',
      })
    })
  })

  it('can be noted without running, for databases that have the objects already', async () => {
    await withTenant(sandbox, users, async bench => {
      const file = { revision: '0001', name: 'users', up: users['0001_users.up.sql'] }
      await bench.query(`create table users (id int); ${recordAppliedFile(file)}`)
      expect(await bench.source.verifyApplied(bench.tenant, never)).toBeNull()
      expect((await bench.migrate(['0002'])).result.status).toBe('finished')
    })
  })

  it('may have quotes, spaces and unicode in every name', async () => {
    const files = {
      "1_größe's.up.sql": 'create table "Ta""ble ü" (id int);\ncomment on table "Ta""ble ü" is \'☃\';',
    }
    await withTenant(
      sandbox,
      files,
      async bench => {
        const gid = gidFor('run', 'the "group"', bench.tenant.name)
        expect((await bench.migrate(['1'], { gid })).result.status).toBe('finished')
        await bench.query(`commit prepared '${gid}'`)
        expect(await bench.tables()).toEqual(['Ta"ble ü', `version's "table"`])
        expect(await bench.query(`select name from "version's ""table"""`)).toEqual([{ name: "größe's" }])
      },
      { database: `o'neil "ü" 100%`, table: `version's "table"` },
    )
  })
})

describe('reading heads', () => {
  it('never writes: a role that may only connect can do it', async () => {
    await sandbox.query('create role reader login')
    await withTenant(
      sandbox,
      users,
      async bench => {
        expect(await bench.source.readHeads(bench.tenant, never)).toEqual([])
        expect(await bench.tables()).toEqual([])
      },
      { openSession: (tenant, signal) => openOn(sandbox, 'reader')(tenant, signal) },
    )
  })

  it('refuses the wrong database before anything runs', async () => {
    const openSession: OpenSqlSession = (tenant, signal) =>
      openOn(sandbox)({ ...tenant, database: 'postgres' }, signal)
    await withTenant(
      sandbox,
      users,
      async bench => {
        expect((await bench.migrate(['0001'])).result).toMatchObject({
          status: 'rolled_back',
          failure: { kind: 'wrong_database', expected: bench.tenant.database, actual: 'postgres' },
        })
      },
      { openSession },
    )
  })
})
