import { describe, expect, it } from 'vitest'
import { redactFailure } from '../../../electron/engine/recording/redact-fact.ts'

describe('facts on their way into the log', () => {
  it.each([
    ['Key (email)=(ada@example.org) is duplicated.', 'Key (email)=(...) is duplicated.'],
    ['Key (a, b)=(1, two) already exists.', 'Key (a, b)=(...) already exists.'],
    [
      'Key (order_id)=(99) is not present in table "orders".',
      'Key (order_id)=(...) is not present in table "orders".',
    ],
    ['Failing row contains (1, secret, null).', 'Failing row contains (...).'],
  ])('lose the values of a refused row: %s', (detail, redacted) => {
    const failure = redactFailure({
      kind: 'migration_failed',
      tenant: 'birch',
      revision: '0003',
      message: 'refused',
      detail,
    })
    expect(failure).toMatchObject({ detail: redacted })
  })

  it('lose password literals of a failing statement', () => {
    const statement = "create role app login password 'hunter2'"
    const failure = redactFailure({
      kind: 'migration_failed',
      tenant: 'birch',
      revision: '0003',
      message: 'refused',
      statement,
    })
    expect(JSON.stringify(failure)).not.toContain('hunter2')
  })
})
