import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatementTrace } from '../../../electron/engine/ports/lock-trace.ts'
import {
  needsVersion,
  type PostgresVersion,
  postgresVersions,
  serverOf,
} from '../../support/postgres-versions.ts'
import { alterTableForms } from './lock-forms/alter-table-forms.ts'
import { lockFixture } from './lock-forms/lock-fixture.ts'
import { expectedOn, type LockExpectation, type LockForm } from './lock-forms/lock-form.ts'
import { otherForms } from './lock-forms/other-forms.ts'
import { outsideForms } from './lock-forms/outside-forms.ts'
import { TraceBench } from './lock-forms/trace-bench.ts'

const forms = [...alterTableForms, ...otherForms]

it('knows at least 60 forms of which the manual says how they lock', () => {
  const documented = [...forms, ...outsideForms].filter(form => !form.source.startsWith('unwritten'))
  expect(documented.length).toBeGreaterThanOrEqual(60)
  expect(new Set([...forms, ...outsideForms].map(form => form.sql)).size).toBe(
    forms.length + outsideForms.length,
  )
})

describe.each(postgresVersions)('PostgreSQL %s', version => {
  const server = serverOf(version)
  const test = needsVersion(version)
  let bench: TraceBench

  beforeAll(async () => {
    await server().query('create database shop')
    await server().query(lockFixture, 'shop')
    bench = await TraceBench.open(server(), 'shop')
  })
  afterAll(() => bench?.close())

  test('locks, rewrites and scans by each statement in a transaction what the manual says', async () => {
    const [measured, expected] = [new Map<string, unknown>(), new Map<string, unknown>()]
    for (const form of formsOf(forms, version)) {
      const [trace] = await bench.inside([form.sql])
      expected.set(form.sql, expectedOn(form, version))
      measured.set(form.sql, describeTrace(trace, form))
    }
    expect(measured).toEqual(expected)
  })

  test('shows the locks of each statement outside a transaction, however short it is', async () => {
    const [measured, expected] = [new Map<string, unknown>(), new Map<string, unknown>()]
    for (const form of formsOf(outsideForms, version)) {
      for (const sql of form.before ?? []) await server().query(sql, 'shop')
      const [trace] = await bench.outside([form.sql])
      for (const sql of form.after ?? []) await server().query(sql, 'shop')
      // The server of 14 is told of scans in its own time.
      const scans = version === '14' ? { scans: null } : {}
      expected.set(form.sql, { ...expectedOn(form, version), ...scans })
      measured.set(form.sql, { ...describeTrace(trace, form), ...scans })
    }
    expect(measured).toEqual(expected)
  })
})

describe('one transaction of several statements', () => {
  const server = serverOf('18')
  let bench: TraceBench

  beforeAll(async () => {
    await server().query('create database shop')
    await server().query(lockFixture, 'shop')
    bench = await TraceBench.open(server(), 'shop')
  })
  afterAll(() => bench?.close())

  const tablesOf = ({ locks }: StatementTrace): readonly string[] =>
    locks
      .filter(lock => lock.kind === 'r')
      .map(({ relation, mode, isNew }) => `${relation} ${mode}${isNew ? '' : ', held'}`)

  it('tells a lock that is taken from one that is held, and both from one that was given back', async () => {
    const traced = await bench.inside([
      'select from orders where id = 1',
      'alter table orders add column extra text',
      'create index extra_idx on orders (extra)',
      'savepoint before_kinds',
      'lock table kinds in share mode',
      'rollback to savepoint before_kinds',
      'lock table kinds in share mode',
      'alter table kinds rename to sorts',
      'drop table items',
      'select 1',
    ])
    expect(traced.map(tablesOf)).toEqual([
      ['public.orders AccessShareLock'],
      ['public.orders AccessExclusiveLock'],
      ['public.orders AccessExclusiveLock, held'],
      ['public.orders AccessExclusiveLock, held'],
      ['public.kinds ShareLock', 'public.orders AccessExclusiveLock, held'],
      ['public.orders AccessExclusiveLock, held'],
      ['public.kinds ShareLock', 'public.orders AccessExclusiveLock, held'],
      ['public.kinds AccessExclusiveLock', 'public.orders AccessExclusiveLock, held'],
      [
        'public.items AccessExclusiveLock',
        'public.kinds AccessExclusiveLock, held',
        'public.orders AccessExclusiveLock, held',
      ],
      [
        'public.items AccessExclusiveLock, held',
        'public.kinds AccessExclusiveLock, held',
        'public.orders AccessExclusiveLock, held',
      ],
    ])
  })

  it('leaves out what the transaction made itself, and the tables behind large values', async () => {
    const traced = await bench.inside([
      'create table fresh (id int primary key, words text)',
      "insert into fresh select n, 'word' from generate_series(1, 9) n",
      'alter table fresh alter column id type bigint',
      'create index fresh_words on fresh (words)',
      'create temporary table scratch (id int)',
      'alter table customers alter column region type bigint',
    ])
    expect(traced.slice(0, 5)).toEqual(Array(5).fill({ locks: [], rewrites: [], scans: [], invalid: [] }))
    expect(traced[5]).toMatchObject({
      locks: [{ relation: 'public.customers' }, { relation: 'public.customers_pkey' }],
      rewrites: ['public.customers', 'public.customers_pkey'],
    })
  })

  it('calls an index rewritten when one statement makes it again, and not when it was dropped before', async () => {
    const traced = await bench.inside([
      'drop index orders_customer_id_idx',
      'create index orders_customer_id_idx on orders (customer_id)',
      'alter index orders_amount_idx rename to amounts',
      'create index orders_amount_idx on orders (amount)',
      'alter table orders alter column status type text collate "C"',
      'reindex index orders_pkey',
      'reindex index orders_pkey',
    ])
    expect(traced.map(({ rewrites }) => rewrites)).toEqual([
      [],
      [],
      [],
      [],
      ['public.orders_status_key'],
      ['public.orders_pkey'],
      ['public.orders_pkey'],
    ])
  })

  it('names what became invalid once, whatever it is called later', async () => {
    const traced = await bench.inside([
      'alter table items add constraint later check (id > 0) not valid',
      'alter table items rename to parts',
      'alter table orders validate constraint orders_amount_positive',
      'create index part on only events (kind)',
    ])
    expect(traced.map(({ invalid }) => invalid)).toEqual([['public.items.later'], [], [], ['public.part']])
  })
})

function formsOf<Form extends LockForm>(all: readonly Form[], version: PostgresVersion): readonly Form[] {
  return all.filter(form => (form.since ?? 0) <= Number(version))
}

/** A trace in the words of an expectation: of indexes and sequences only those that it names. */
function describeTrace(trace: StatementTrace | undefined, form: LockForm): Required<LockExpectation> {
  if (!trace) throw new Error(`no trace of ${form.sql}`)
  const short = (name: string): string => name.replace(/^public\./, '')
  const isNamed = (relation: string): boolean => relation in form.locks
  const locks = trace.locks.filter(({ kind, relation }) => !/[iIS]/.test(kind) || isNamed(short(relation)))
  return {
    locks: Object.fromEntries(locks.map(({ relation, mode }) => [short(relation), mode])),
    rewrites: trace.rewrites.map(short),
    scans: Object.fromEntries(trace.scans.map(({ relation, rows }) => [short(relation), rows])),
    invalid: trace.invalid.map(short),
  }
}
