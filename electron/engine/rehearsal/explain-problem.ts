import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import type { Failure } from '../../../shared/failure/failure.ts'

/** Whose matter it is that a rehearsal failed: the tenant's that was copied, or all tenants'. */
export interface ProblemCause {
  /** True where another tenant of the same class may well be rehearsed. */
  readonly isOwn: boolean
  /** What would help. */
  readonly remedy: string
}

/** Says why a way up failed on a copy, as far as the failure tells. */
export function explainProblem(failure: Failure, hasRows: boolean): ProblemCause {
  const sqlstate = 'sqlstate' in failure ? failure.sqlstate : undefined
  if (sqlstate === '25006') return { isOwn: true, remedy: readOnlyRemedy }
  if (failure.kind === 'shadow_failed' || isRefusedSession(failure)) {
    return { isOwn: true, remedy: 'Fix what keeps the tenant from being copied, and plan again.' }
  }
  // No other program knows the copy, so no other session holds a lock on it.
  if (sqlstate === '55P03' || sqlstate === '40P01') return { isOwn: false, remedy: ownSessionRemedy }
  const { fix } = describeFailure(failure)
  if (fix !== '') return { isOwn: false, remedy: fix }
  if (failure.kind === 'source_failed') {
    return { isOwn: false, remedy: 'Fix env.py, or what it fails on, and plan again.' }
  }
  return { isOwn: false, remedy: hasRows ? mendRemedy : `${mendRemedy} ${rowsRemedy}` }
}

const mendRemedy = 'Fix the migration, or what it fails on, and plan again.'
const rowsRemedy = 'Does it need rows? Set rehearsal.data to sample or full.'
const readOnlyRemedy =
  'The database is read-only by a setting of its own or of its role: alter database ... reset default_transaction_read_only, or leave the tenant out.'
const ownSessionRemedy =
  'Only the migration itself uses the copy: a second session, mostly one that env.py or a revision opens and leaves open, holds the lock. Close it, or let it use the connection of the migration.'

/** The server refuses connections: no CONNECT, an interrupted DROP DATABASE, a limit that is reached. */
function isRefusedSession(failure: Failure): boolean {
  if (failure.kind !== 'database_error') return false
  const { sqlstate, message } = failure
  return (
    ['53300', '55000', '57P03', '3D000', '28000', '28P01'].includes(sqlstate) ||
    (sqlstate === '42501' && /permission denied for database/i.test(message))
  )
}
