import type { Failure } from '../../../../shared/failure/failure.ts'

/** A failure as a client may see it: a stack names this machine's files, and stays here. */
export function withoutStack(failure: Failure): Failure {
  return failure.kind === 'internal' ? { kind: 'internal', message: failure.message } : failure
}
