import { expect, it } from 'vitest'
import { createLockTracer } from '../../../../electron/adapters/postgres/locks/lock-tracer.ts'
import type { TraceRows } from '../../../../electron/engine/ports/lock-trace.ts'

const relations = [
  { oid: '16400', kind: 'r', file: '1', name: 'public.orders' },
  { oid: '16500', kind: 'r', file: '2', name: 'public.version' },
]

/** What a session sees of itself in a transaction, with the locks that it holds. */
function see(transaction: string, locks: Readonly<Record<string, string>>): TraceRows {
  const held = Object.entries(locks).map(([oid, mode]) => ({ type: 'relation', oid, mode, transaction }))
  return { relations, locks: [{ type: 'virtualxid', transaction }, ...held] }
}

const start = () =>
  createLockTracer(() => {
    throw new Error('no server is asked')
  }).start(see('3/1', { '16500': 'ShareRowExclusiveLock' }))

it('leaves out a lock that the migration source took for itself, until a statement makes it stronger', () => {
  const trace = start()
  expect(trace.next(see('3/1', { '16500': 'ShareRowExclusiveLock' })).locks).toEqual([])
  expect(trace.next(see('3/1', { '16500': 'AccessExclusiveLock' })).locks).toEqual([
    { relation: 'public.version', kind: 'r', mode: 'AccessExclusiveLock', isNew: true },
  ])
})

it('forgets what statements held when their transaction is over', () => {
  const trace = start()
  trace.next(see('3/1', { '16500': 'AccessExclusiveLock' }))
  const before = see('3/2', { '16500': 'AccessExclusiveLock' })
  const after = see('3/2', { '16500': 'AccessExclusiveLock', '16400': 'ShareLock' })
  expect(trace.next(after, before).locks).toEqual([
    { relation: 'public.orders', kind: 'r', mode: 'ShareLock', isNew: true },
  ])
})

it('counts a lock as taken again in each transaction', () => {
  const trace = start()
  trace.next(see('3/1', { '16400': 'ShareLock' }))
  expect(trace.next(see('3/2', { '16400': 'ShareLock' })).locks).toMatchObject([{ isNew: true }])
  expect(trace.next(see('3/2', { '16400': 'ShareLock' })).locks).toMatchObject([{ isNew: false }])
})

it('takes the strongest of several locks on one relation, and those of a watch before its own', () => {
  const trace = start()
  const watched = {
    locks: ['ShareUpdateExclusiveLock', 'AccessExclusiveLock', 'AccessShareLock', 'SIReadLock'].map(mode => ({
      type: 'relation',
      oid: '16400',
      mode,
    })),
  }
  expect(trace.next(see('3/3', {}), see('3/2', {}), watched).locks).toEqual([
    { relation: 'public.orders', kind: 'r', mode: 'AccessExclusiveLock', isNew: true },
  ])
})
