import type { PhaseName } from '../../shared/run/phase.ts'
import type { HookSettings } from './policy.ts'

interface Moment {
  readonly name: string
  readonly before?: PhaseName | undefined
  readonly after?: PhaseName | undefined
  readonly per: 'run' | 'group' | 'tenant'
}

/** A contradiction in the hooks, and the path of what is wrong. */
export interface HookProblem {
  readonly path: readonly PropertyKey[]
  readonly problem: string
}

/** The first hook that could never be asked, or not when it says; null when all is well. */
export function findHookProblem(hooks: HookSettings): HookProblem | null {
  for (const kind of ['executables', 'http', 'sql'] as const) {
    const moments: readonly Moment[] = hooks[kind]
    for (const [index, hook] of moments.entries()) {
      const found = findMomentProblem(hook)
      if (found) return { path: ['hooks', kind, index, ...found.path], problem: found.problem }
      if (moments.findIndex(other => other.name === hook.name) !== index)
        return { path: ['hooks', kind, index, 'name'], problem: 'this hook is named twice' }
    }
  }
  return null
}

function findMomentProblem({ before, after, per }: Moment): HookProblem | null {
  if (before && after) return { path: ['after'], problem: 'choose exactly one of `before` and `after`' }
  if (!before && !after) return { path: [], problem: 'say when: `before:` or `after:` with a phase' }
  if (before === 'rollback')
    return { path: ['before'], problem: 'nothing may hold up undoing: choose `after: rollback`' }
  if (per === 'tenant' && before === 'topology_discovery')
    return { path: ['per'], problem: 'no tenant is known before topology_discovery: choose a later phase' }
  const isBeforePlan =
    before === 'planning' || before === 'topology_discovery' || after === 'topology_discovery'
  if (per === 'group' && isBeforePlan)
    return { path: ['per'], problem: 'no group is known before the plan: choose `after: planning` or later' }
  return null
}
