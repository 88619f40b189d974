import type { Plan } from '../plan/plan.ts'
import { assertNever } from '../text/assert-never.ts'
import { readVolatileNumber } from '../text/volatile.ts'
import { changeItem } from './change-item.ts'
import type { GroupResult } from './run-event.ts'
import type { EventOf, GroupState, RunState, TenantStanding } from './run-state.ts'

/** The events of a group as a whole. */
export type GroupEvent = EventOf<'group.started' | 'group.decided' | 'group.finished'>

/** Folds one event of a group into that group. */
export function foldGroup(state: RunState, event: GroupEvent): RunState {
  const groups = changeItem(
    state.groups,
    group => group.group === event.group,
    group => nextGroup(group ?? newGroup(state, event.group), event),
  )
  return { ...state, groups }
}

/** Enters the groups of a plan, in its order; what has already run is left as it is. */
export function addPlannedGroups(state: RunState, plan: Plan): RunState {
  const planned = plan.groups.map(group => ({
    ...(state.groups.find(known => known.group === group.name) ?? newGroup(state, group.name)),
    wave: group.wave,
    mode: group.mode,
    tenants: group.tenants.map(tenant => tenant.tenant),
  }))
  return { ...state, groups: planned }
}

/** A group whose end a crash kept from the log ended as its tenants did; one of which nobody knows stays without an end. */
export function endOpenGroups(state: RunState): RunState {
  const open = state.groups.filter(group => group.started && group.result === null)
  if (open.length === 0) return state
  const standings = new Map(state.tenants.map(tenant => [tenant.tenant, tenant.standing]))
  const groups = state.groups.map(group =>
    open.includes(group)
      ? { ...group, result: resultOf(group.tenants.map(name => standings.get(name) ?? 'waiting')) }
      : group,
  )
  return { ...state, groups }
}

function resultOf(standings: readonly TenantStanding[]): GroupResult | null {
  if (standings.some(one => one === 'running' || one === 'prepared' || one === 'unsettled')) return null
  const committed = standings.filter(one => one === 'committed').length
  if (committed === 0) return 'rolled_back'
  return standings.every(one => one === 'committed' || one === 'up_to_date') ? 'committed' : 'partial'
}

function nextGroup(group: GroupState, event: GroupEvent): GroupState {
  switch (event.type) {
    case 'group.started':
      return { ...group, started: true, mode: event.mode, tenants: event.tenants }
    case 'group.decided':
      return { ...group, decision: event.decision, failure: event.failure }
    case 'group.finished':
      return {
        ...group,
        result: event.result,
        windowMs: readVolatileNumber(event.volatile, 'windowMs'),
      }
    default:
      return assertNever(event)
  }
}

function newGroup(state: RunState, name: string): GroupState {
  return {
    group: name,
    wave: state.groups.length + 1,
    mode: 'atomic',
    tenants: [],
    started: false,
    decision: null,
    failure: null,
    result: null,
    windowMs: null,
  }
}
