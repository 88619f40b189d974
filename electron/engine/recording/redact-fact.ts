import type { Failure } from '../../../shared/failure/failure.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'
import { redactSql } from '../../sql/redact-sql.ts'

/** A fact as it may be stored: no password literals, and no values of the tenants' rows. */
export function redactFact(fact: RunFact): RunFact {
  if (fact.type === 'statement.executed') return { ...fact, sql: redactSql(fact.sql) }
  if ('failure' in fact && fact.failure) return { ...fact, failure: redactFailure(fact.failure) } as RunFact
  return fact
}

/** PostgreSQL puts the values of a refused row into its detail: the columns say enough, and the values are the tenant's. */
export function redactFailure(failure: Failure): Failure {
  switch (failure.kind) {
    case 'migration_failed':
      return {
        ...failure,
        ...(failure.detail === undefined ? {} : { detail: hideRowValues(failure.detail) }),
        ...(failure.statement === undefined ? {} : { statement: redactSql(failure.statement) }),
      }
    case 'database_error':
      return failure.detail === undefined ? failure : { ...failure, detail: hideRowValues(failure.detail) }
    case 'not_transactional':
      return { ...failure, statement: redactSql(failure.statement) }
    default:
      return failure
  }
}

function hideRowValues(detail: string): string {
  return detail.replace(/\)=\(.*\)/gs, ')=(...)').replace(/(row contains) \(.*\)/gs, '$1 (...)')
}
