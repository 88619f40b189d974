import type { Verdict } from '../../shared/plan/verdict.ts'
import type { Outcome } from '../../shared/run/outcome.ts'
import type { PhaseState, TenantStatus } from '../../shared/run/run-state.ts'
import { assertNever } from '../../shared/text/assert-never.ts'

/** The eleven states that anything on the screen can be in; each has a glyph, a word and one of five colours. */
export type Status =
  | 'passed'
  | 'failed'
  | 'errored'
  | 'warned'
  | 'waiting'
  | 'running'
  | 'pending'
  | 'skipped'
  | 'cancelled'
  | 'waived'
  | 'rolled_back'

export type StatusFamily = 'pass' | 'fail' | 'attn' | 'active' | 'neutral'

/** The colour of a state; never its only sign. */
export function familyOf(status: Status): StatusFamily {
  switch (status) {
    case 'passed':
      return 'pass'
    case 'failed':
    case 'errored':
      return 'fail'
    case 'warned':
    case 'waiting':
    case 'waived':
      return 'attn'
    case 'running':
      return 'active'
    case 'pending':
    case 'skipped':
    case 'cancelled':
    case 'rolled_back':
      return 'neutral'
    default:
      return assertNever(status)
  }
}

/** The state of a gate's verdict; what could not be judged is never shown as passed. */
export function statusOfVerdict(verdict: Verdict | null): Status {
  switch (verdict) {
    case null:
      return 'running'
    case 'passed':
      return 'passed'
    case 'warned':
      return 'warned'
    case 'failed':
      return 'failed'
    case 'inconclusive':
      return 'errored'
    case 'not_applicable':
      return 'skipped'
    case 'waived':
      return 'waived'
    default:
      return assertNever(verdict)
  }
}

/** The state of a phase. */
export function statusOfPhase(status: PhaseState['status']): Status {
  switch (status) {
    case 'success':
      return 'passed'
    case 'failed':
      return 'failed'
    case 'skipped':
      return 'skipped'
    case 'running':
      return 'running'
    case 'interrupted':
      return 'errored'
    default:
      return assertNever(status)
  }
}

/** The state of a tenant in a run. */
export function statusOfTenant(status: TenantStatus): Status {
  switch (status) {
    case 'waiting':
      return 'pending'
    case 'running':
      return 'running'
    case 'prepared':
      return 'waiting'
    case 'committed':
      return 'passed'
    case 'rolled_back':
      return 'rolled_back'
    case 'failed':
      return 'failed'
    case 'unsettled':
      return 'errored'
    case 'up_to_date':
      return 'skipped'
    default:
      return assertNever(status)
  }
}

/** The state of a run; null while it has no end. */
export function statusOfOutcome(outcome: Outcome | null, alive: boolean): Status {
  switch (outcome) {
    case null:
      return alive ? 'running' : 'errored'
    case 'migrated':
      return 'passed'
    case 'nothing_to_do':
      return 'skipped'
    case 'rolled_back':
      return 'rolled_back'
    case 'interrupted':
    case 'terminated':
    case 'hung_up':
    case 'approval_refused':
    case 'locked':
      return 'cancelled'
    case 'needs_human':
      return 'errored'
    case 'tool_failed':
    case 'config_invalid':
    case 'stopped_by_gate':
      return 'failed'
    default:
      return assertNever(outcome)
  }
}
