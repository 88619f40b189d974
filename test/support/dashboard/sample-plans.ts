import type { GateCheck, PlanView } from '../../../shared/api/plan-view.ts'
import type { Plan, PlannedTenant } from '../../../shared/plan/plan.ts'
import { sampleGates, samplePlan, samplePlanView } from './sample-views.ts'

/** A plan for many tenants, the last of which differ from the others: in their catalog, every second one in its revision too. */
export function createBigPlan(count: number, outliers: number): Plan {
  const tenants = Array.from({ length: count }, (_, index): PlannedTenant => {
    const isOutlier = index >= count - outliers
    const isBehind = isOutlier && index % 2 === 0
    return {
      tenant: `tenant-${index + 1}`,
      cluster: `cluster-${(index % 3) + 1}`,
      database: `app_tenant_${String(index + 1).padStart(5, '0')}`,
      from: [isBehind ? '0001' : '0002'],
      route: isBehind ? 'from-0001' : 'from-0002',
      fingerprint: (isOutlier ? (index % 10).toString() : 'a').repeat(64),
    }
  })
  const [canary, rest] = samplePlan.groups
  return {
    ...samplePlan,
    groups: [
      { ...canary!, tenants: tenants.slice(0, 1) },
      { ...rest!, tenants: tenants.slice(1) },
    ],
  }
}

/** A plan whose last step cannot run in a transaction, with a note that says so. */
export const sampleIndependentPlan: Plan = {
  ...samplePlan,
  groups: samplePlan.groups.map(group => ({
    ...group,
    mode: 'independent',
    modeReason: 'revision 0003 cannot run in a transaction',
  })),
  routes: samplePlan.routes.map(route => ({
    ...route,
    steps: route.steps.map(step =>
      step.revision === '0003'
        ? { ...step, transactional: false, reason: 'CREATE INDEX CONCURRENTLY runs outside of transactions' }
        : step,
    ),
  })),
  notes: [...samplePlan.notes, { kind: 'not_atomic_from_here', text: 'not atomic from revision 0003 on' }],
}

/** Gates of which one found orphan rows and one could not be judged. */
export function sampleStoppingGates(): readonly GateCheck[] {
  return sampleGates().map(gate => {
    if (gate.gate === 'foreign_keys')
      return {
        ...gate,
        answer: {
          verdict: 'failed',
          value: '2 orphan rows in 28 foreign keys of 6 tenants',
          threshold: '0 orphan rows',
          evidence: [{ tenant: 'cedar', fact: 'orders.customer_id -> customers: 2 rows without a parent' }],
          remedy: 'Delete or repair the rows, then validate the constraint.',
        },
      }
    if (gate.gate === 'replica_lag')
      return {
        ...gate,
        answer: {
          verdict: 'inconclusive',
          value: '',
          threshold: 'at most 262144 bytes behind',
          evidence: [{ server: 'standby-2', fact: 'did not answer within 5 s' }],
          remedy: 'Look whether the server is up: lockstep doctor',
        },
      }
    return gate
  })
}

/** The sample plan after somebody said yes to it, with what may be done then. */
export function approveSample(view: PlanView = samplePlanView): PlanView {
  const { planId } = view.plan
  return {
    ...view,
    record: {
      ...view.record,
      state: 'approved',
      decision: {
        decision: 'approved',
        by: 'ada',
        at: '2026-11-22T10:05:00.000Z',
        comment: 'Looked at every statement.',
        gates: view.gates.map(({ gate, answer }) => ({ gate, verdict: answer.verdict })),
      },
    },
    possible: view.possible.map(one => ({
      ...one,
      refusal:
        one.action === 'apply'
          ? null
          : {
              kind: 'not_possible',
              action: one.action,
              reason: `The plan ${planId.slice(0, 12)} is approved already.`,
            },
    })),
  }
}
