import { changeItem } from '../text/change-item.ts'
import { readVolatileText, type Volatile } from '../text/volatile.ts'
import type { RunState, TenantState, TenantStatus } from './run-state.ts'

/** Changes one tenant; one that was not known is entered. */
export function changeTenant(
  state: RunState,
  name: string,
  change: (tenant: TenantState) => TenantState,
): RunState {
  const tenants = changeItem(
    state.tenants,
    tenant => tenant.tenant === name,
    tenant => change(tenant ?? newTenant(name)),
  )
  return { ...state, tenants }
}

/** A tenant that came to an end of this run. */
export function finishTenant(tenant: TenantState, status: TenantStatus, at: string): TenantState {
  return { ...tenant, status, voting: false, finishedAt: at }
}

/** Says whether a tenant has begun and not come to an end. */
export function isUnderWay({ status }: TenantState): boolean {
  return status === 'running' || status === 'prepared'
}

/** A tenant of which only the name is known. */
export function newTenant(name: string): TenantState {
  return {
    tenant: name,
    cluster: null,
    database: null,
    group: null,
    status: 'waiting',
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

/** The transaction of a tenant, as far as it is known by now. */
export function readIdentity(
  tenant: TenantState,
  volatile: Volatile<'gid' | 'xid'>,
): Pick<TenantState, 'gid' | 'xid'> {
  return {
    gid: readVolatileText(volatile, 'gid') ?? tenant.gid,
    xid: readVolatileText(volatile, 'xid') ?? tenant.xid,
  }
}
