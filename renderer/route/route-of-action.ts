import type { NextAction } from '../../shared/plan/readiness.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { routeTo, type ScreenRoute } from './route.ts'

/** Where the next action is taken; null where there is nowhere to go. */
export function routeOfAction(action: NextAction): ScreenRoute | null {
  switch (action.kind) {
    case 'choose_project':
      return routeTo('overview')
    case 'make_plan':
      return routeTo('plan')
    case 'open_plan':
      return routeTo('plan', { id: action.planId })
    case 'open_run':
      return routeTo('runs', { id: action.runId, tab: action.part === 'overview' ? null : action.part })
    case 'recover':
      return routeTo('runs', { id: action.runId })
    case 'open_topology':
      return routeTo('topology')
    case 'none':
      return null
    default:
      return assertNever(action)
  }
}

/** What the button of the next action says: verb and object. */
export function labelOfAction(action: NextAction): string {
  switch (action.kind) {
    case 'choose_project':
      return 'Choose a project'
    case 'make_plan':
      return 'Make a plan'
    case 'open_plan':
      return 'Open the plan'
    case 'open_run':
      return action.part === 'gates' ? 'Open the evidence' : 'Open the run'
    case 'recover':
      return 'Recover the run'
    case 'open_topology':
      return 'Open the topology'
    case 'none':
      return ''
    default:
      return assertNever(action)
  }
}
