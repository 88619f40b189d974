import type { GroupState } from '../../../../shared/run/run-state.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { formatDuration } from '../../../../shared/text/plain-words.ts'
import type { Status } from '../../../status/status.ts'

/** How a group's tenants are held together. */
export function describeGroupMode({ mode }: Pick<GroupState, 'mode'>): string {
  return mode === 'atomic' ? 'atomic: all or none' : 'independent: each alone'
}

/** What the votes of a group came to. */
export function describeDecision({ decision, mode, result }: GroupState): string {
  if (decision !== null) return decision === 'commit' ? 'commit' : 'roll back'
  if (mode === 'independent') return 'each tenant its own'
  return result === null ? 'not yet' : 'none'
}

/** How a group ended, as a mark. */
export function statusOfGroup({ result, started }: Pick<GroupState, 'result' | 'started'>): {
  readonly status: Status
  readonly word: string
} {
  switch (result) {
    case null:
      return started
        ? { status: 'running', word: 'without an end' }
        : { status: 'pending', word: 'not started' }
    case 'committed':
      return { status: 'passed', word: 'committed' }
    case 'rolled_back':
      return { status: 'rolled_back', word: 'rolled back' }
    case 'partial':
      return { status: 'warned', word: 'committed in part' }
    case 'unsettled':
      return { status: 'errored', word: 'needs a person' }
    case 'skipped':
      return { status: 'skipped', word: 'skipped' }
    default:
      return assertNever(result)
  }
}

/** How long readers of the touched tables may have waited; not measured is not zero. */
export function describeWindow({ windowMs, mode, started }: GroupState): string {
  if (windowMs !== null) return `readers waited up to ${formatDuration(windowMs)}`
  if (!started) return 'nothing was locked'
  return mode === 'independent' ? 'each tenant only while its own statements ran' : 'not measured'
}
