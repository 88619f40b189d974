import { changeItem } from '../text/change-item.ts'
import type { GroupResult } from './outcome.ts'
import type { GroupState, RunState, TenantStatus } from './run-state.ts'

/** Changes one group; one that was not known is entered. */
export function changeGroup(
  state: RunState,
  name: string,
  change: (group: GroupState) => GroupState,
): RunState {
  const groups = changeItem(
    state.groups,
    group => group.group === name,
    group => change(group ?? newGroup(state, name)),
  )
  return { ...state, groups }
}

/** A group of which only the name is known. */
export function newGroup(state: RunState, name: string): GroupState {
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

/** A group whose end a crash kept from the log ended as its tenants did; one whose tenants' state is not known stays without an end. */
export function endOpenGroups(state: RunState): RunState {
  const open = state.groups.filter(group => group.started && group.result === null)
  if (open.length === 0) return state
  const statuses = new Map(state.tenants.map(tenant => [tenant.tenant, tenant.status]))
  const groups = state.groups.map(group =>
    open.includes(group)
      ? { ...group, result: resultOf(group.tenants.map(name => statuses.get(name) ?? 'waiting')) }
      : group,
  )
  return { ...state, groups }
}

function resultOf(statuses: readonly TenantStatus[]): GroupResult | null {
  if (statuses.some(one => one === 'running' || one === 'prepared' || one === 'unsettled')) return null
  const committed = statuses.filter(one => one === 'committed').length
  if (committed === 0) return 'rolled_back'
  return statuses.every(one => one === 'committed' || one === 'up_to_date') ? 'committed' : 'partial'
}
