import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import type { Failure } from '../../../shared/failure/failure.ts'

/** Puts a failure into one line of evidence: what happened, where and why. */
export function nameFailure(failure: Failure): string {
  const { what, where, why } = describeFailure(failure)
  const claim = what.replace(/\.$/, '')
  return [where === '' ? claim : `${claim} (${where})`, why].filter(part => part !== '').join(': ')
}
