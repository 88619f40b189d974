import type { AttentionItem } from '../../../shared/api/overview-view.ts'
import type { Readiness, ReadinessVerdict } from '../../../shared/plan/readiness.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import type { Status } from '../../status/status.ts'

/** The answer to "may I migrate now?" in one or two words. */
export function wordOfReadiness(verdict: ReadinessVerdict): string {
  switch (verdict) {
    case 'no_project':
      return 'No project'
    case 'ready':
      return 'Ready'
    case 'up_to_date':
      return 'Up to date'
    case 'blocked':
      return 'Blocked'
    case 'waiting_for_approval':
      return 'Waiting for approval'
    case 'running':
      return 'Running'
    case 'needs_human':
      return 'Needs a human'
    default:
      return assertNever(verdict)
  }
}

/** The state that a verdict is shown as. */
export function statusOfReadiness(verdict: ReadinessVerdict): Status {
  switch (verdict) {
    case 'no_project':
      return 'pending'
    case 'ready':
    case 'up_to_date':
      return 'passed'
    case 'blocked':
      return 'failed'
    case 'waiting_for_approval':
      return 'waiting'
    case 'running':
      return 'running'
    case 'needs_human':
      return 'errored'
    default:
      return assertNever(verdict)
  }
}

/** Verdict and reason as one sentence. */
export function sayReadiness({ verdict, reason }: Readiness): string {
  return `${wordOfReadiness(verdict)}: ${reason}`
}

/** Whether a verdict is one that cannot wait to be read out. */
export function isUrgent(verdict: ReadinessVerdict): boolean {
  return verdict === 'blocked' || verdict === 'needs_human'
}

type AttentionKind = AttentionItem['kind']

/** The state that something which needs attention is shown as. */
export function statusOfAttention(kind: AttentionKind): Status {
  switch (kind) {
    case 'failed':
      return 'failed'
    case 'needs_human':
      return 'errored'
    case 'waiting':
      return 'waiting'
    case 'running':
      return 'running'
    case 'stale':
      return 'warned'
    case 'note':
      return 'pending'
    default:
      return assertNever(kind)
  }
}

/** How many things of each kind need attention, in the order in which they come: "1 failed, 2 waiting". */
export function countAttention(items: readonly AttentionItem[]): string {
  const counts = new Map<AttentionKind, number>()
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => `${count} ${wordOfAttention(kind, count)}`).join(', ')
}

/** The word beside the state's glyph. */
export function wordOfAttention(kind: AttentionKind, count = 1): string {
  if (kind === 'needs_human') return count === 1 ? 'needs a human' : 'need a human'
  return kind === 'note' && count !== 1 ? 'notes' : kind
}
