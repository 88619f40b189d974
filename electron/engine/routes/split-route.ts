import type { MigrationRoute, PlannedStep } from '../../../shared/plan/plan.ts'

/** The leading steps of a route that can run in one transaction, and so take part in a vote. */
export function routeHead(route: MigrationRoute): readonly PlannedStep[] {
  const first = route.steps.findIndex(step => !step.transactional)
  return first === -1 ? route.steps : route.steps.slice(0, first)
}

/** From the first step on that cannot run in a transaction: these run after the group's commit, one by one. */
export function routeTail(route: MigrationRoute): readonly PlannedStep[] {
  return route.steps.slice(routeHead(route).length)
}

/** How steps are run: the leading ones that can in one transaction, then each of the others by itself. */
export function cutSteps(steps: readonly PlannedStep[]): readonly (readonly PlannedStep[])[] {
  const first = steps.findIndex(step => !step.transactional)
  const leading = first === -1 ? steps : steps.slice(0, first)
  return [leading, ...steps.slice(leading.length).map(step => [step])].filter(part => part.length > 0)
}
