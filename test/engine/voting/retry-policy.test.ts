import { describe, expect, it } from 'vitest'
import { backoffMs, retryableState } from '../../../electron/engine/voting/retry-policy.ts'

describe('the policy of retries', () => {
  it.each(['55P03', '40P01', '40001'])('tries again after %s', sqlstate => {
    expect(retryableState({ kind: 'database_error', sqlstate, message: '' })).toBe(sqlstate)
    const failure = { kind: 'migration_failed', tenant: 'acorn', revision: '0002', message: '' } as const
    expect(retryableState({ ...failure, sqlstate })).toBe(sqlstate)
  })

  it.each(['57014', '23505', '42P01', '08006', ''])('does not try again after %j', sqlstate => {
    expect(retryableState({ kind: 'database_error', sqlstate, message: '' })).toBeNull()
  })

  it('does not try again after a failure that is none of the database', () => {
    expect(retryableState({ kind: 'cancelled', reason: 'asked to stop' })).toBeNull()
  })

  it('waits twice as long each time, between half and all of it, and at most two seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(count => backoffMs(count, 1))).toEqual([
      100, 200, 400, 800, 1600, 2000, 2000,
    ])
    expect([1, 2, 9].map(count => backoffMs(count, 0))).toEqual([50, 100, 1000])
  })
})
