import { expect, test } from 'vitest'
import { explainProblem } from '../../../electron/engine/rehearsal/explain-problem.ts'
import type { Failure } from '../../../shared/failure/failure.ts'

const failed = (sqlstate: string | undefined, message = 'no'): Failure => ({
  kind: 'migration_failed',
  tenant: 'ash',
  revision: 'a1',
  message,
  ...(sqlstate === undefined ? {} : { sqlstate }),
})

test.each<[string, Failure, string]>([
  ['a read-only database', failed('25006'), 'default_transaction_read_only'],
  ['a session of its own', failed('55P03'), 'second session'],
  [
    'a policy',
    failed('42501', 'query would be affected by row-level security policy for table "items"'),
    'BYPASSRLS',
  ],
  ['rows that break a constraint', failed('23505'), 'Repair the rows'],
  ['env.py', { kind: 'source_failed', during: 'running env.py', error: 'boom' }, 'Fix env.py'],
  ['anything else', failed(undefined), 'Fix the migration'],
])('the remedy of a rehearsal fits %s', (_cause, failure, words) => {
  expect(explainProblem(failure, true).remedy).toContain(words)
})

test('rows are asked for only where the copy has none', () => {
  expect(explainProblem(failed(undefined), true).remedy).not.toContain('rehearsal.data')
  expect(explainProblem(failed(undefined), false).remedy).toContain('rehearsal.data')
})
