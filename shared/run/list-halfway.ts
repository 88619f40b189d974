import type { RunState } from './run-state.ts'

/** The tenants that committed the first steps of their way and not the later ones: found between, neither here nor there. */
export function listHalfway({ tenants }: Pick<RunState, 'tenants'>): readonly string[] {
  return tenants
    .filter(one => one.status === 'unsettled' && one.failure?.kind === 'steps_left')
    .map(one => one.tenant)
}
