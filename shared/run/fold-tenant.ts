import type { Plan } from '../plan/plan.ts'
import { assertNever } from '../text/assert-never.ts'
import { readVolatileNumber, readVolatileText } from '../text/volatile.ts'
import type { Tenant } from '../topology/topology.ts'
import { changeItem } from './change-item.ts'
import type { EventOf, RunState, SnapshotState, TenantStanding, TenantState } from './run-state.ts'

/** The events that belong to one tenant and change how it stands. */
export type TenantEvent = EventOf<
  | 'snapshot.taken'
  | 'tenant.started'
  | 'tenant.retried'
  | 'statement.executed'
  | 'revision.applied'
  | 'tenant.voting'
  | 'tenant.voted'
  | 'tenant.committed'
  | 'tenant.rolled_back'
  | 'tenant.unsettled'
  | 'recovery.settled'
>

/** Folds one event of a tenant into that tenant. */
export function foldTenant(state: RunState, event: TenantEvent): RunState {
  return {
    ...state,
    tenants: changeTenant(state, event.tenant, tenant => nextTenant(state, tenant, event)),
  }
}

/** Enters the tenants that were found, in their order. */
export function addDiscoveredTenants(state: RunState, tenants: readonly Tenant[]): RunState {
  const next = tenants.map(found => ({
    ...(state.tenants.find(tenant => tenant.tenant === found.name) ?? newTenant(found.name)),
    cluster: found.cluster,
    database: found.database,
  }))
  return { ...state, tenants: next }
}

/** Enters what the plan says about its tenants; what has already run is left as it is. */
export function addPlannedTenants(state: RunState, plan: Plan): RunState {
  // By name, because a fleet of thousands is searched once for each of its tenants otherwise.
  const tenants = new Map(state.tenants.map(tenant => [tenant.tenant, tenant]))
  for (const group of plan.groups) {
    for (const planned of group.tenants) {
      const tenant = tenants.get(planned.tenant) ?? newTenant(planned.tenant)
      const isFree = tenant.standing === 'waiting' || tenant.standing === 'up_to_date'
      const standing: TenantStanding = planned.route === null ? 'up_to_date' : 'waiting'
      tenants.set(planned.tenant, {
        ...tenant,
        cluster: planned.cluster,
        database: planned.database,
        group: group.name,
        from: planned.from,
        to: plan.target,
        fingerprintBefore: planned.fingerprint,
        standing: isFree ? standing : tenant.standing,
      })
    }
  }
  return { ...state, tenants: [...tenants.values()] }
}

/** A tenant that was under way when its process died, and is proven to be as it was, has been rolled back. */
export function settleProvenTenant(state: RunState, name: string, at: string): RunState {
  const tenants = changeTenant(state, name, tenant =>
    isUnderWay(tenant) ? { ...finishTenant(tenant, 'rolled_back', at), rolledBack: 'proven' } : tenant,
  )
  return { ...state, tenants }
}

/** A run that ends as migrated has every tenant at the target, also those whose commit a crash kept from the log. */
export function settleMigratedTenants(state: RunState, at: string): RunState {
  const settle = (tenant: TenantState) =>
    isUnderWay(tenant) ? finishTenant(tenant, 'committed', at) : tenant
  return { ...state, tenants: state.tenants.map(settle) }
}

function isUnderWay(tenant: TenantState): boolean {
  return tenant.standing === 'running' || tenant.standing === 'prepared'
}

function changeTenant(
  state: RunState,
  name: string,
  change: (tenant: TenantState) => TenantState,
): readonly TenantState[] {
  return changeItem(
    state.tenants,
    tenant => tenant.tenant === name,
    tenant => change(tenant ?? newTenant(name)),
  )
}

function nextTenant(state: RunState, tenant: TenantState, event: TenantEvent): TenantState {
  switch (event.type) {
    case 'snapshot.taken':
      return { ...tenant, fingerprintBefore: event.fingerprint, snapshot: readSnapshot(event) }
    case 'tenant.started':
      return {
        ...tenant,
        group: event.group,
        // Steps that run one by one begin again and again: the way began with the first.
        from: tenant.startedAt === null ? event.from : tenant.from,
        to: event.to,
        standing: 'running',
        attempts: Math.max(1, tenant.attempts),
        startedAt: tenant.startedAt ?? event.at,
        rolledBack: null,
      }
    case 'tenant.retried':
      return { ...tenant, ...freshAttempt, attempts: tenant.attempts + 1 }
    case 'statement.executed':
      return { ...tenant, statements: tenant.statements + 1, currentRevision: event.revision }
    case 'revision.applied':
      return { ...tenant, revisions: [...tenant.revisions, event.revision], currentRevision: event.revision }
    case 'tenant.voting':
      return { ...tenant, ...readIdentity(tenant, event), voting: true }
    case 'tenant.voted':
      return voteTenant(state, { ...tenant, ...readIdentity(tenant, event), voting: false }, event)
    case 'tenant.committed':
      return finishTenant(tenant, 'committed', event.at)
    case 'tenant.rolled_back':
      return {
        ...finishTenant(tenant, tenant.failure === null ? 'rolled_back' : 'failed', event.at),
        rolledBack: event.how,
      }
    case 'tenant.unsettled':
      return { ...finishTenant(tenant, 'unsettled', event.at), failure: event.failure }
    case 'recovery.settled':
      return settleTenant(tenant, event)
    default:
      return assertNever(event)
  }
}

const freshAttempt = {
  standing: 'running',
  statements: 0,
  revisions: [],
  currentRevision: null,
  voting: false,
  failure: null,
} as const satisfies Partial<TenantState>

function voteTenant(state: RunState, tenant: TenantState, event: EventOf<'tenant.voted'>): TenantState {
  if (event.vote === 'no') {
    return { ...finishTenant(tenant, 'failed', event.at), failure: event.failure }
  }
  const mode = state.groups.find(group => group.group === event.group)?.mode ?? 'atomic'
  // Also in an atomic group, steps that cannot run in a transaction commit at once: they have no gid.
  const isPrepared = mode === 'atomic' && event.volatile.gid !== null
  const voted = { ...tenant, fingerprintAfter: event.fingerprint ?? tenant.fingerprintAfter }
  return isPrepared ? { ...voted, standing: 'prepared' } : finishTenant(voted, 'committed', event.at)
}

function settleTenant(tenant: TenantState, event: EventOf<'recovery.settled'>): TenantState {
  switch (event.how) {
    case 'rolled_forward':
    case 'already_committed':
      return { ...finishTenant(tenant, 'committed', event.at), failure: null }
    case 'rolled_back':
    case 'already_rolled_back':
      return {
        ...finishTenant(tenant, tenant.failure === null ? 'rolled_back' : 'failed', event.at),
        rolledBack: 'recovery',
      }
    default:
      return assertNever(event.how)
  }
}

function finishTenant(tenant: TenantState, standing: TenantStanding, at: string): TenantState {
  return { ...tenant, standing, voting: false, finishedAt: at }
}

function readIdentity(
  tenant: TenantState,
  event: EventOf<'tenant.voting' | 'tenant.voted'>,
): Pick<TenantState, 'gid' | 'xid'> {
  return {
    gid: readVolatileText(event.volatile, 'gid') ?? tenant.gid,
    xid: readVolatileText(event.volatile, 'xid') ?? tenant.xid,
  }
}

function readSnapshot({ copy, volatile }: EventOf<'snapshot.taken'>): SnapshotState {
  return {
    kind: copy?.kind ?? 'fingerprint',
    verified: copy?.verified ?? false,
    bytes: readVolatileNumber(volatile, 'bytes'),
    lsn: readVolatileText(volatile, 'lsn'),
    restorePoint: readVolatileText(volatile, 'restorePoint'),
    location: readVolatileText(volatile, 'location'),
  }
}

function newTenant(name: string): TenantState {
  return {
    tenant: name,
    cluster: null,
    database: null,
    group: null,
    standing: 'waiting',
    from: [],
    to: [],
    attempts: 0,
    failure: null,
    statements: 0,
    revisions: [],
    currentRevision: null,
    voting: false,
    gid: null,
    xid: null,
    rolledBack: null,
    snapshot: null,
    fingerprintBefore: null,
    fingerprintAfter: null,
    startedAt: null,
    finishedAt: null,
  }
}
