import { expect, it } from 'vitest'
import { answerLimitOf } from '../../../../electron/adapters/postgres/session/database-client.ts'

const options = { applicationName: 'lockstep test' }

it('waits longer for an answer than the server may take, for ever where the server may, or as long as it is told', () => {
  expect(answerLimitOf({ ...options, statementTimeoutMs: 5_000 })).toBe(30_000)
  expect(answerLimitOf(options)).toBeNull()
  expect(answerLimitOf({ ...options, statementTimeoutMs: 0 })).toBeNull()
  expect(answerLimitOf({ ...options, statementTimeoutMs: 60_000, answerTimeoutMs: 80_000 })).toBe(80_000)
})
