import { describeFailure } from '../../../shared/describe-failure.ts'
import type { Failure } from '../../../shared/failure.ts'

/** Puts a failure into one line of evidence: what happened, where and why. */
export function nameFailure(failure: Failure): string {
  const { what, where, why } = describeFailure(failure)
  const claim = what.replace(/\.$/, '')
  return [where === '' ? claim : `${claim} (${where})`, why].filter(part => part !== '').join(': ')
}
