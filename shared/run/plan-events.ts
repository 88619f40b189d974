import type { PlanFinding } from '../analysis/finding.ts'
import type { SchemaClass } from '../analysis/schema-class.ts'
import type { Plan } from '../plan/plan.ts'
import { listMigrating } from '../plan/plan-selectors.ts'
import { assertNever } from '../text/assert-never.ts'
import { countOf, formatHeads, listNames } from '../text/plain-words.ts'
import { readVolatileText, type Volatile } from '../text/volatile.ts'
import type { Tenant } from '../topology/topology.ts'
import { newGroup } from './change-group.ts'
import { newTenant } from './change-tenant.ts'
import { byWhom } from './event-phrases.ts'
import { aboutRun, defineEvent } from './event-spec.ts'
import type { RunState, TenantStatus } from './run-state.ts'

/** What there is to migrate, how that is planned, and who agreed. */
export const planEvents = {
  'tenants.discovered': defineEvent<{ tenants: readonly Tenant[] }>({
    source: 'server',
    level: 'info',
    visibility: 'always',
    subject: aboutRun,
    words: ({ tenants }) =>
      `${countOf(tenants.length, 'tenant')} found: ${listNames(tenants.map(tenant => tenant.name))}`,
    fold: (state, { tenants }) => addDiscoveredTenants(state, tenants),
  }),

  'source.described': defineEvent<{
    source: 'alembic' | 'sql'
    revisions: number
    heads: readonly string[]
    volatile: Volatile
  }>({
    source: 'migration',
    level: 'info',
    visibility: 'always',
    subject: aboutRun,
    words: ({ source, revisions, heads }) =>
      `${source === 'alembic' ? 'Alembic project' : 'folder of SQL files'} with ${countOf(revisions, 'revision')}, head ${formatHeads(heads)}`,
    fold: (state, { source, revisions, heads }) => ({ ...state, source: { source, revisions, heads } }),
  }),

  'plan.made': defineEvent<{ plan: Plan }>({
    source: 'engine',
    level: 'info',
    visibility: 'always',
    subject: aboutRun,
    words: ({ plan }) =>
      `plan ${plan.planId.slice(0, 12)} made: ${countOf(plan.groups.length, 'group')}, ${countOf(listMigrating(plan).length, 'tenant')} to migrate to ${formatHeads(plan.target)}`,
    fold: (state, { plan }) => ({ ...addPlannedTenants(addPlannedGroups(state, plan), plan), plan }),
  }),

  /** What was known about the plan before it ran; at most 200 findings. */
  'plan.foreseen': defineEvent<{
    findings: readonly PlanFinding[]
    classes: readonly Omit<SchemaClass, 'differences'>[]
    rehearsed: boolean
    notRehearsed: string
  }>({
    source: 'gate',
    level: 'info',
    visibility: 'always',
    subject: aboutRun,
    words: ({ findings, classes, rehearsed, notRehearsed }) =>
      `foreseen: ${countOf(findings.length, 'finding')}, ${countOf(classes.length, 'class', 'classes')} of schemas, ${rehearsed ? 'rehearsed' : `not rehearsed: ${notRehearsed}`}`,
    fold: (state, { findings, classes, rehearsed, notRehearsed }) => ({
      ...state,
      foreseen: { findings, classes, rehearsed, notRehearsed },
    }),
  }),

  'approval.recorded': defineEvent<{
    planId: string
    how: 'flag' | 'prompt' | 'named' | 'api'
    volatile: Volatile<'by'>
  }>({
    source: 'person',
    level: 'info',
    visibility: 'always',
    subject: aboutRun,
    words: fact => `plan ${fact.planId.slice(0, 12)} approved ${describeApproval(fact.how)}${byWhom(fact)}`,
    fold: (state, { planId, how, at, volatile }) => {
      const approval = { planId, how, at, by: readVolatileText(volatile, 'by') }
      return { ...state, approvals: [...state.approvals, approval] }
    },
  }),
}

function describeApproval(how: 'flag' | 'prompt' | 'named' | 'api'): string {
  switch (how) {
    case 'flag':
      return 'in advance'
    case 'prompt':
      return 'at the terminal'
    case 'named':
      return 'by its id'
    case 'api':
      return 'by the caller'
    default:
      return assertNever(how)
  }
}

/** Enters the tenants that were found, in their order. */
function addDiscoveredTenants(state: RunState, tenants: readonly Tenant[]): RunState {
  const next = tenants.map(found => ({
    ...(state.tenants.find(tenant => tenant.tenant === found.name) ?? newTenant(found.name)),
    cluster: found.cluster,
    database: found.database,
  }))
  return { ...state, tenants: next }
}

/** Enters the groups of a plan, in its order; what has already run is left as it is. */
function addPlannedGroups(state: RunState, plan: Plan): RunState {
  const planned = plan.groups.map(group => ({
    ...(state.groups.find(known => known.group === group.name) ?? newGroup(state, group.name)),
    wave: group.wave,
    mode: group.mode,
    tenants: group.tenants.map(tenant => tenant.tenant),
  }))
  return { ...state, groups: planned }
}

/** Enters what the plan says about its tenants; what has already run is left as it is. */
function addPlannedTenants(state: RunState, plan: Plan): RunState {
  // By name, because a fleet of thousands is searched once for each of its tenants otherwise.
  const tenants = new Map(state.tenants.map(tenant => [tenant.tenant, tenant]))
  for (const group of plan.groups) {
    for (const planned of group.tenants) {
      const tenant = tenants.get(planned.tenant) ?? newTenant(planned.tenant)
      const isFree = tenant.status === 'waiting' || tenant.status === 'up_to_date'
      const status: TenantStatus = planned.route === null ? 'up_to_date' : 'waiting'
      tenants.set(planned.tenant, {
        ...tenant,
        cluster: planned.cluster,
        database: planned.database,
        group: group.name,
        from: planned.from,
        to: plan.target,
        fingerprintBefore: planned.fingerprint,
        status: isFree ? status : tenant.status,
      })
    }
  }
  return { ...state, tenants: [...tenants.values()] }
}
