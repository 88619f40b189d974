import { type Failure, toFailure } from '../../../../shared/failure/failure.ts'
import type { RecordedPart } from './recording.ts'

const longestStatement = 20_000

/** Says what a replay ended in as the runner would have said it, with the place in the revision that the recording has. */
export function describeReplayFailure(
  error: unknown,
  place: { readonly tenant: string; readonly revision: string; readonly part: RecordedPart | null },
): Failure {
  const failure = toFailure(error)
  const { tenant, part } = place
  if (failure.kind === 'connection_lost') return { ...failure, during: `migrating ${tenant}` }
  if (failure.kind !== 'database_error') return failure
  const revision = part?.revision ?? place.revision
  const { sqlstate, detail, constraint } = failure
  const message = failure.message.trim().split('\n')[0] ?? ''
  const statement = part?.statement ?? null
  if (sqlstate === '25001')
    return { kind: 'not_transactional', tenant, revision, statement: statement ?? '', reason: message }
  return {
    kind: 'migration_failed',
    tenant,
    revision,
    message,
    sqlstate,
    ...(detail === undefined ? {} : { detail }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(statement === null ? {} : { statement: statement.slice(0, longestStatement) }),
    ...(part?.file === undefined ? {} : { file: part.file }),
    ...(part?.line === undefined ? {} : { line: part.line }),
  }
}
