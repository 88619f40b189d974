import { describe, expect, it } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import type { DatabaseTie } from '../../../electron/catalog/database-tie.ts'
import { countLosses } from '../../../electron/engine/losses/count-losses.ts'
import { type ContentsAfterDowngrade, judgeContents } from '../../../electron/engine/losses/judge-contents.ts'
import { readAlterations } from '../../../electron/engine/losses/read-alterations.ts'
import type { TableContents } from '../../../electron/engine/ports/shadows.ts'
import { chooseRollbackWays } from '../../../electron/engine/rollback/choose-rollback-ways.ts'
import { compareProposals } from '../../../electron/engine/rollback/compare-proposals.ts'
import { judgeSnapshot } from '../../../electron/engine/rollback/judge-snapshot.ts'
import { planRollback } from '../../../electron/engine/rollback/plan-rollback.ts'
import type { UndoneTenant } from '../../../electron/engine/rollback/read-undone-run.ts'
import type { TracedStatement } from '../../../shared/analysis/rehearsal.ts'
import type { RollbackProposal, StoredSnapshot } from '../../../shared/run/rollback.ts'
import { samplePlan } from '../../shared/samples/plan.ts'
import { sampleProposal } from '../../shared/samples/proposal.ts'

const never = new AbortController().signal
const tenant = { name: 'birch', cluster: 'main', database: 'birch', appRole: null }
const downgrade = { way: 'downgrade', evidence: ['it works'], losses: [], rowsLost: 0 } as const
const snapshot = { way: 'snapshot', evidence: ['a copy is there'], losses: [], rowsLost: 0 } as const

const parser = createSqlParser()

async function judge(contents: Omit<ContentsAfterDowngrade, 'alterations'>) {
  return judgeContents({ ...contents, alterations: await readAlterations(parser, contents.statements) })
}

describe('the ladder', () => {
  it('takes the first way that loses nothing', () => {
    expect(chooseRollbackWays([downgrade, snapshot]).way).toBe('downgrade')
    expect(chooseRollbackWays([snapshot, downgrade]).way).toBe('snapshot')
    const lossy = { ...downgrade, losses: ['2 rows of table refunds'], rowsLost: 2 }
    expect(chooseRollbackWays([lossy, snapshot])).toMatchObject({
      way: 'snapshot',
      refusal: null,
      evidence: ['a copy is there', 'downgrade would lose 2 rows of table refunds'],
    })
  })

  it('takes the first way there is when each would lose something, and says what', () => {
    const lossy = { ...downgrade, losses: ['2 rows'], rowsLost: 2 }
    const worse = { ...snapshot, losses: ['whatever others wrote'], rowsLost: null }
    expect(chooseRollbackWays([lossy, worse])).toMatchObject({
      way: 'downgrade',
      losses: ['2 rows'],
      rowsLost: 2,
    })
  })

  it('stops and explains when there is no way', () => {
    const chosen = chooseRollbackWays([
      { way: 'downgrade', why: 'there is no downgrade' },
      { way: 'snapshot', why: 'the run took no copy of its data' },
    ])
    expect(chosen).toMatchObject({
      way: 'none',
      refusal: 'downgrade: there is no downgrade; snapshot: the run took no copy of its data',
    })
    expect(chooseRollbackWays([]).refusal).toBe('the configuration allows no rollback')
  })
})

function table(name: string, rows: number, columns: readonly string[], identity = name): TableContents {
  return {
    table: `public.${name}`,
    identity,
    rows,
    columns: columns.map(column => ({ column, identity: column, type: 'int', filled: rows, digest: '' })),
  }
}

function writing(relation: string): TracedStatement {
  const lock = { relation, kind: 'r', mode: 'RowExclusiveLock', isNew: true } as const
  const nothing = { rewrites: [], scans: [], invalid: [], rowCount: null, durationMs: 1 }
  return { revision: '2', index: 0, sql: 'delete', locks: [lock], transactional: true, ...nothing }
}

describe('what goes with the downgrade', () => {
  const base = {
    statements: [],
    shadow: { kind: 'template', data: 'full' },
    versionTable: { schema: 'public', name: 'lockstep_version' },
  } as const
  const users = table('users', 3, ['id', 'state'])

  it('is nothing where every table and column stays, with its rows', async () => {
    const version = table('lockstep_version', 2, ['revision'])
    const back = { ...version, rows: 1 }
    expect(await judge({ ...base, before: [users, version], back: [users, back] })).toMatchObject({
      dropped: [],
      losses: [],
    })
  })

  it('names tables and columns that go, also those that are made again', async () => {
    const back = [table('users', 3, ['id']), table('orders', 0, ['id'], 'another')]
    const found = await judge({
      ...base,
      before: [users, table('orders', 4, ['id']), table('refunds', 1, [])],
      back,
    })
    expect(found).toMatchObject({
      dropped: [
        { kind: 'column', table: 'public.users', column: 'state' },
        { kind: 'table', table: 'public.orders' },
        { kind: 'table', table: 'public.refunds' },
      ],
    })
  })

  it('is nothing where a table or a column only gets its old name back', async () => {
    const now = {
      ...users,
      table: 'public.people',
      columns: users.columns.map(one => ({ ...one, column: `${one.column}_old` })),
    }
    const found = await judge({ ...base, before: [users], back: [now] })
    expect(found).toMatchObject({ dropped: [], losses: [] })
    expect([...found.changes]).toEqual([['public.people', { deleted: 0, updated: 0, rewritten: false }]])
  })

  it('counts rows that it takes from tables that stay', async () => {
    const found = await judge({ ...base, before: [users], back: [{ ...users, rows: 1 }] })
    expect(found).toMatchObject({ losses: ['public.users: 3 rows become 1'] })
    expect(found.changes.get('public.users')).toEqual({ deleted: 2, updated: null, rewritten: false })
  })

  it('is a number only where the copy held every row', async () => {
    const shadow = { kind: 'dump', data: 'sample' } as const
    const given = { ...base, shadow, before: [users], back: [{ ...users, rows: 1 }] }
    const found = await judge(given)
    expect(found.losses).toEqual(['public.users: 3 rows become 1, of those that the copy holds'])
    expect(found.changes.get('public.users')).toEqual({ deleted: null, updated: null, rewritten: false })
    const same = { ...given, back: [users] }
    expect((await judge(same)).losses).toEqual([])
    expect((await judge({ ...same, statements: [writing('public.users')] })).losses).toEqual([
      'whether rows of public.users change cannot be told: the downgrade wrote to it',
    ])
  })

  it('is what an expression computes again, of the columns only that are given a type', async () => {
    const sql =
      'alter table users alter column "State" set data type int using identity + width, alter old type int using 1'
    const columns = ['id', 'State', 'old', 'state', 'width']
    const given = table('users', 3, columns)
    const statements = [{ ...writing('public.users'), locks: [], sql, rewrites: ['public.users'] }]
    expect((await judge({ ...base, before: [given], back: [given], statements })).dropped).toEqual(
      ['State', 'old'].map(column => ({
        ...{ kind: 'conversion', table: 'public.users', column },
        ...{ from: 'int', to: 'int' },
      })),
    )
  })

  it('is what an expression makes of values, and nothing that other statements say of USING', async () => {
    const given = table('users', 3, ['id', 'state'])
    const back = { ...given, columns: given.columns.map(one => ({ ...one, type: 'bigint' })) }
    const before = { ...given, columns: given.columns.map(one => ({ ...one, type: 'integer' })) }
    const convertedBy = async (sql: string) => {
      const statements = [{ ...writing('public.users'), locks: [], sql }]
      const { dropped } = await judge({ ...base, before: [before], back: [back], statements })
      return dropped.flatMap(thing => (thing.kind === 'conversion' ? [thing.column] : []))
    }
    expect(await convertedBy('alter table users alter state type bigint')).toEqual([])
    expect(await convertedBy('alter table users alter state type bigint using 1')).toEqual(['state'])
    expect(await convertedBy('create index on users using hash (state)')).toEqual([])
    expect(await convertedBy(`comment on table users is 'alter state type int using 1'`)).toEqual([])
    expect(
      await convertedBy('do $$ begin alter table users alter state type bigint using 1; end $$'),
    ).toEqual(['state'])
    expect(await convertedBy(`do $$ begin execute 'alter ' || 'table'; end $$`)).toEqual(['id', 'state'])
    expect(await convertedBy('call change_types()')).toEqual(['id', 'state'])
  })

  it('is every row of a table that is emptied, whatever the copy held', async () => {
    const empty = table('users', 0, ['id', 'state'])
    const emptying = { ...writing('public.users'), locks: [], rewrites: ['public.users'] }
    const given = { ...base, shadow: { kind: 'dump', data: 'schema' } as const }
    const all = [{ kind: 'table', table: 'public.users' }]
    expect(
      (await judge({ ...given, before: [empty], back: [empty], statements: [emptying] })).dropped,
    ).toEqual(all)
    expect(
      (await judge({ ...base, before: [users], back: [empty], statements: [emptying] })).dropped,
    ).toEqual(all)
    const altering = { ...emptying, sql: '-- why\n ALTER  TABLE users set logged' }
    expect(await judge({ ...given, before: [empty], back: [empty], statements: [altering] })).toMatchObject({
      dropped: [],
      losses: [],
    })
  })

  it('is nothing where a statement wrote to no row of all that there are', async () => {
    const found = await judge({
      ...base,
      before: [users],
      back: [users],
      statements: [{ ...writing('public.users'), rowCount: 0 }],
    })
    expect(found.losses).toEqual([])
    expect(found.changes.get('public.users')).toEqual({ deleted: 0, updated: 0, rewritten: false })
  })

  it('is not known where the copy holds no rows and the downgrade writes to a table that stays', async () => {
    const empty = table('users', 0, ['id'])
    const given = {
      ...base,
      before: [empty],
      back: [empty],
      shadow: { kind: 'dump', data: 'schema' } as const,
    }
    expect(await judge(given)).toMatchObject({ losses: [] })
    expect(await judge({ ...given, statements: [writing('public.users')] })).toMatchObject({
      losses: ['whether rows of public.users change cannot be told: the copy holds none'],
    })
    expect(await judge({ ...given, statements: [writing('public.lockstep_version')] })).toMatchObject({
      losses: [],
    })
  })

  it('is told with numbers, and with none where they cannot be counted in time', async () => {
    const dropped = [
      { kind: 'table', table: 'public.refunds' },
      { kind: 'column', table: 'public.users', column: 'state' },
      { kind: 'table', table: 'public.empty' },
    ] as const
    const count = (counts: readonly (number | null)[]) => ({ count: async () => counts })
    expect(await countLosses(count([2, 1, 0]), tenant, dropped, never)).toMatchObject({
      losses: ['2 rows of table public.refunds', '1 value of column public.users.state'],
      rows: 3,
    })
    expect(await countLosses(count([2, null, 0]), tenant, dropped, never)).toMatchObject({
      losses: [
        '2 rows of table public.refunds',
        'what column public.users.state holds, which could not be counted',
      ],
      rows: null,
    })
  })
})

describe('a copy as a rollback', () => {
  const undone: UndoneTenant = {
    planned: samplePlan.groups[0]!.tenants[0]!,
    before: { heads: ['1'], fingerprint: 'before' },
    after: { heads: ['2'], fingerprint: 'after' },
    writes: { baseline: 10, mark: 'm', files: 'f', positions: 'p' },
    unknownWrites: '',
  }
  const kept = {
    kind: 'template',
    bytes: 8_000_000,
    fingerprint: 'before',
    verified: true,
    location: 'lockstep_snapshot_1_birch',
  } as StoredSnapshot
  const weigh = async (
    found: StoredSnapshot | null,
    rows: number,
    mark = 'm',
    given: Partial<UndoneTenant> = {},
    ties: readonly DatabaseTie[] = [],
  ) => {
    const writes = { tables: { '1': rows }, mark, files: 'f', positions: 'p' }
    const snapshots = { find: async () => found, readWrites: async () => writes }
    const ports = { snapshots, restores: { readTies: async () => ties } }
    return (await judgeSnapshot(ports, { runId: '1', tenant, undone: { ...undone, ...given } }, never))
      .weighed
  }

  it('loses nothing while nobody has written since', async () => {
    expect(await weigh(kept, 10)).toMatchObject({ losses: [], rowsLost: 0 })
  })

  it('names what belongs to the database itself and would not come along', async () => {
    const ties = [{ kind: 'slot', name: 'cdc' } as const, { kind: 'subscription', name: 'news' } as const]
    for (const given of [{}, { writes: null, unknownWrites: 'track_counts is off' }]) {
      const weighed = await weigh(kept, 10, 'm', given, ties)
      const losses = 'losses' in weighed ? weighed.losses.join() : ''
      expect(losses).toContain(
        'logical replication slot cdc, which stays with the database that is put aside',
      )
      expect(losses).toContain('subscription news, which stays with the database that is put aside')
    }
  })

  it('says how many rows others wrote, or that this cannot be known', async () => {
    expect(await weigh(kept, 13)).toMatchObject({
      losses: ['3 rows that others wrote since the copy was taken'],
      rowsLost: 3,
    })
    for (const unknown of [await weigh(kept, 10, 'reset'), await weigh(kept, 9)])
      expect(unknown).toMatchObject({
        rowsLost: null,
        losses: [expect.stringContaining('cannot be counted')],
      })
    const blind = await weigh(kept, 10, 'm', { writes: null, unknownWrites: 'track_counts is off' })
    expect(blind).toMatchObject({ losses: [expect.stringContaining('track_counts is off')] })
  })

  it('is none where there is no copy, it was never proven, or it is of another schema', async () => {
    expect(await weigh(null, 10)).toMatchObject({ why: expect.stringContaining('took no copy') })
    expect(await weigh({ ...kept, verified: false }, 10)).toMatchObject({
      why: expect.stringContaining('never restored'),
    })
    expect(await weigh({ ...kept, fingerprint: 'other' }, 10)).toMatchObject({
      why: expect.stringContaining('does not have the schema'),
    })
  })
})

describe('a rollback as a plan', () => {
  it('takes everybody back in one group, so that one decision is made for all', () => {
    const { tenants } = sampleProposal()
    const run = { runId: '1', plan: samplePlan, groups: samplePlan.groups, tenants: [] }
    const plan = planRollback(run, tenants, new Map())
    expect(plan.groups.map(group => [group.mode, group.tenants.map(one => one.tenant)])).toEqual([
      ['atomic', ['birch', 'cedar']],
    ])
    expect(plan.routes.map(route => [route.id, route.from, route.to])).toEqual([
      ['back-0003-to-0002', ['0003'], ['0002']],
      ['restore-0003-to-0002', ['0003'], ['0002']],
    ])
  })
})

describe('what moved since a rollback was approved', () => {
  const approved = sampleProposal()
  const change = (index: number, fields: Partial<RollbackProposal['tenants'][number]>): RollbackProposal => ({
    ...approved,
    tenants: approved.tenants.map((one, at) => (at === index ? { ...one, ...fields } : one)),
  })

  it('is said tenant by tenant', () => {
    expect(compareProposals(approved, change(0, { way: 'snapshot' }))).toEqual([
      'tenant birch would be rolled back by snapshot, not by downgrade',
    ])
    expect(compareProposals(approved, change(0, { losses: ['1 row'] }))).toEqual([
      'tenant birch would lose 1 row, not nothing',
    ])
    expect(compareProposals(approved, change(1, { refusal: 'it has moved' }))).toEqual([
      'tenant cedar: it has moved',
    ])
    expect(compareProposals({ ...approved, tenants: [] }, approved)).toHaveLength(2)
    expect(compareProposals(approved, approved)).toEqual(['the revisions or the configuration changed'])
    expect(compareProposals(null, approved)[0]).toContain('not kept here')
  })
})
