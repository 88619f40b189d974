import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import type { SnapshotSettings } from '../../settings/policy.ts'

/** Tenants of which the policy wants a copy of the data, beside the fingerprint. */
export function chooseCopies(
  plan: Plan,
  rehearsal: Rehearsal | null,
  settings: Pick<SnapshotSettings, 'data'>,
): ReadonlySet<string> {
  const planned = listMigrating(plan)
  switch (settings.data) {
    case 'never':
      return new Set()
    case 'always':
      return new Set(planned.map(one => one.tenant))
    case 'irreversible':
      // What was not rehearsed is not known to be reversible.
      return new Set(
        planned
          .filter(one => {
            const rehearsed = rehearsal?.routes.find(
              route => route.route === one.route && route.tenants.includes(one.tenant),
            )
            return rehearsed?.reversibility.verdict !== 'lossless'
          })
          .map(one => one.tenant),
      )
  }
}
