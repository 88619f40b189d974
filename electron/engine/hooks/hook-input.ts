import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { findRoute, listMigratingOf } from '../../../shared/plan/plan-selectors.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { HookFacts } from '../../config/hook-facts.ts'
import { matchNames } from '../topology/match-names.ts'

/** What a run has told so far, as far as hooks are concerned. */
export interface HookInput {
  readonly tenants: readonly Tenant[]
  readonly plan: Plan | null
  readonly committed: readonly string[]
}

export type HookTenant = HookFacts['tenants'][number]

export const emptyHookInput: HookInput = { tenants: [], plan: null, committed: [] }

/** What is known after one more event of the run. */
export function addEvent(known: HookInput, event: RunEvent): HookInput {
  switch (event.type) {
    case 'tenants.discovered':
      return { ...known, tenants: event.tenants }
    case 'plan.made':
      return { ...known, plan: event.plan }
    case 'recovery.settled':
      if (event.how !== 'rolled_forward' && event.how !== 'already_committed') return known
      return addCommit(known, event.tenant)
    case 'tenant.committed':
      return addCommit(known, event.tenant)
    default:
      return known
  }
}

function addCommit(known: HookInput, tenant: string): HookInput {
  if (known.committed.includes(tenant)) return known
  return { ...known, committed: [...known.committed, tenant] }
}

/** The tenants that the run is about: those that the plan moves, or, before there is one, those that were asked for. */
export function listHookTenants(
  { tenants, plan }: HookInput,
  asked: readonly string[],
): readonly HookTenant[] {
  if (plan === null) {
    const names = tenants.map(tenant => tenant.name)
    const chosen = new Set(asked.length === 0 ? names : matchNames(names, asked))
    return tenants
      .filter(tenant => chosen.has(tenant.name))
      .map(({ name, cluster, database }) => ({
        tenant: name,
        cluster,
        database,
        group: null,
        from: null,
        to: null,
      }))
  }
  return plan.groups.flatMap(group =>
    listMigratingOf(group).map(planned => ({
      tenant: planned.tenant,
      cluster: planned.cluster,
      database: planned.database,
      group: group.name,
      from: [...planned.from],
      to: [...(findRoute(plan, planned)?.to ?? plan.target)],
    })),
  )
}

/** Statements of the plan, each once for every route. */
export function countStatements(plan: Plan): number {
  return plan.routes.flatMap(route => route.steps).reduce((sum, step) => sum + step.statements.length, 0)
}

/** A failure as a hook is told it: what kind, and what happened in words. */
export function toHookFailure(failure: Failure | null): HookFacts['failure'] {
  return failure === null ? null : { kind: failure.kind, what: describeFailure(failure).what }
}
