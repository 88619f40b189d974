import type { Verdict } from '../../../shared/plan/verdict.ts'
import type { PhaseState, TenantStatus } from '../../../shared/run/run-state.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { type Span, span, type Tone } from './styled-line.ts'

/** A mark before a phase: a shape of its own for each status, so that colour is not needed to tell them. */
export function markPhase(status: PhaseState['status']): Span {
  switch (status) {
    case 'success':
      return span('✔', 'good')
    case 'failed':
      return span('✖', 'bad')
    case 'skipped':
      return span('-', 'quiet')
    case 'running':
      return span('▶', 'running')
    case 'interrupted':
      return span('!', 'warning')
    default:
      return assertNever(status)
  }
}

/** The tone of a verdict. */
export function toneOfVerdict(verdict: Verdict | null): Tone {
  switch (verdict) {
    case 'passed':
      return 'good'
    case 'warned':
    case 'waived':
      return 'warning'
    case 'failed':
    case 'inconclusive':
      return 'bad'
    case 'not_applicable':
    case null:
      return 'quiet'
    default:
      return assertNever(verdict)
  }
}

/** Says whether a tenant has come as far as it can for now: it has voted, or is at its end. */
export function hasVoted(status: TenantStatus): boolean {
  return status !== 'waiting' && status !== 'running'
}
