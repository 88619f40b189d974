import { listMigratingGroups } from '../../../shared/plan/plan-selectors.ts'
import type { PhaseName } from '../../../shared/run/phase.ts'
import type { HookPlace } from '../context/phase-hooks.ts'
import { type HookInput, type HookTenant, listHookTenants } from './hook-input.ts'

/** When a hook is asked, as the configuration says it: exactly one of `before` and `after`. */
export interface HookMoment {
  readonly name: string
  readonly before?: PhaseName | undefined
  readonly after?: PhaseName | undefined
  readonly per: 'run' | 'group' | 'tenant'
}

/** One time that a hook is asked. */
export interface HookRound {
  readonly group: string | null
  readonly tenant: string | null
  readonly members: readonly HookTenant[]
}

/** Says whether a hook stands at a place, wherever in the plan that is. */
export function standsAt(hook: HookMoment, { moment, phase }: HookPlace): boolean {
  return hook[moment] === phase
}

/** How often a hook is asked at a place, and about whom: a phase that repeats asks for the run before its first and after its last time. */
export function listRounds(
  hook: HookMoment,
  place: HookPlace,
  known: HookInput,
  asked: readonly string[],
): readonly HookRound[] {
  if (!standsAt(hook, place)) return []
  const all = listHookTenants(known, asked)
  const members = place.group === null ? all : all.filter(one => one.group === place.group)
  switch (hook.per) {
    case 'run':
      return isTurnOfRun(place, known) ? [{ group: null, tenant: null, members: all }] : []
    case 'group':
      return [...new Set(members.map(one => one.group))].map(group => ({
        group,
        tenant: null,
        members: members.filter(one => one.group === group),
      }))
    case 'tenant':
      return members.map(one => ({ group: one.group, tenant: one.tenant, members: [one] }))
  }
}

function isTurnOfRun({ moment, group }: HookPlace, { plan }: HookInput): boolean {
  if (group === null || plan === null) return true
  const groups = listMigratingGroups(plan)
  return (moment === 'before' ? groups.at(0) : groups.at(-1))?.name === group
}
