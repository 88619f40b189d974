import { describeOutcome } from '../../shared/run/describe-outcome.ts'
import type { Outcome } from '../../shared/run/outcome.ts'
import type { RunState, TenantStatus } from '../../shared/run/run-state.ts'

/** A run as the desktop shows it outside the window. */
export interface RunBadge {
  readonly runId: string
  /** Databases may be changed at this moment. */
  readonly isApplying: boolean
  readonly waitsForApproval: boolean
  /** The part of the tenants that are settled, 0 to 1; null before anything is applied. */
  readonly progress: number | null
  readonly outcome: Outcome | null
  readonly verdict: string
}

const settled: readonly TenantStatus[] = ['committed', 'rolled_back', 'failed', 'unsettled', 'up_to_date']

/** Says how a run stands. */
export function toRunBadge(runId: string, state: RunState): RunBadge {
  const isApplying = state.outcome === null && state.groups.some(group => group.started)
  const done = state.tenants.filter(tenant => settled.includes(tenant.status)).length
  return {
    runId,
    isApplying,
    waitsForApproval: state.phases.some(({ phase, status }) => phase === 'approval' && status === 'running'),
    progress: isApplying && state.tenants.length > 0 ? done / state.tenants.length : null,
    outcome: state.outcome,
    verdict: describeOutcome(state).verdict,
  }
}

/** What a person who looks elsewhere is told. */
export interface Notice {
  readonly kind: 'ended' | 'waits_for_approval' | 'cut_off'
  readonly title: string
  readonly body: string
}

/** The notice that a change is worth; null for most. */
export function noticeOf(before: RunBadge | null, after: RunBadge): Notice | null {
  const run = `Run ${after.runId.slice(0, 8)}`
  if (after.outcome !== null && before?.outcome === null)
    return { kind: 'ended', title: `${run} ${endings[after.outcome]}`, body: after.verdict }
  if (after.waitsForApproval && before?.waitsForApproval !== true)
    return {
      kind: 'waits_for_approval',
      title: `${run} waits for approval`,
      body: 'Nothing is changed before it is approved.',
    }
  return null
}

const endings: Readonly<Record<Outcome, string>> = {
  migrated: 'finished',
  nothing_to_do: 'finished',
  tool_failed: 'failed',
  config_invalid: 'failed',
  stopped_by_gate: 'was stopped by a gate',
  approval_refused: 'was not approved',
  rolled_back: 'failed and was rolled back',
  needs_human: 'needs a human',
  locked: 'did not begin',
  interrupted: 'was interrupted',
  terminated: 'was interrupted',
  hung_up: 'was interrupted',
}
