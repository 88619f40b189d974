import { findRoute, listPlanned } from '../../shared/plan/plan-selectors.ts'
import type { RunState, TenantState } from '../../shared/run/run-state.ts'
import { millisecondsBetween } from '../../shared/text/milliseconds-between.ts'
import type { Report } from './report-schema.ts'

/** The five numbers of a run. */
export function summarizeRun(state: RunState): Report['summary'] {
  return {
    migrations_applied: countAppliedRevisions(state),
    tenants_validated: countValidatedTenants(state),
    safety_gates_passed: countPassedGates(state),
    rollback_required: isRollbackRequired(state),
    total_duration_seconds: Math.round(measureRun(state) / 100) / 10,
  }
}

/** Different revisions of the plan that at least one tenant has committed. */
export function countAppliedRevisions(state: RunState): number {
  const applied = new Set<string>()
  for (const tenant of state.tenants) {
    if (tenant.status !== 'committed') continue
    for (const revision of [...plannedRevisions(state, tenant), ...tenant.revisions]) applied.add(revision)
  }
  return applied.size
}

/** Tenants at the target whose schema was compared afterwards and is equal on every server where it was. */
export function countValidatedTenants(state: RunState): number {
  return state.tenants.filter(tenant => {
    if (tenant.status !== 'committed' && tenant.status !== 'up_to_date') return false
    const comparisons = state.comparisons.filter(comparison => comparison.tenant === tenant.tenant)
    return comparisons.length > 0 && comparisons.every(comparison => comparison.equal)
  }).length
}

/** Gates that passed, with or without a warning. */
export function countPassedGates(state: RunState): number {
  return state.gates.filter(({ answer }) => answer?.verdict === 'passed' || answer?.verdict === 'warned')
    .length
}

/** True when something that had begun was, or had to be, rolled back. */
export function isRollbackRequired(state: RunState): boolean {
  return (
    state.groups.some(group => group.decision === 'rollback') ||
    state.tenants.some(tenant => tenant.rolledBack !== null || tenant.status === 'rolled_back') ||
    state.proofs.length > 0
  )
}

/** Milliseconds from the first event to the end, or to the last event so far. */
export function measureRun(state: RunState): number {
  if (state.durationMs !== null) return state.durationMs
  if (state.startedAt === null || state.lastAt === null) return 0
  return millisecondsBetween(state.startedAt, state.lastAt)
}

function plannedRevisions(state: RunState, tenant: TenantState): readonly string[] {
  const { plan } = state
  const planned = plan && listPlanned(plan).find(one => one.tenant === tenant.tenant)
  return (planned ? (findRoute(plan, planned)?.steps ?? []) : []).map(step => step.revision)
}
