import type { Rehearsal, RouteRehearsal } from '../../../shared/analysis/rehearsal.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { hashDowngrade } from './hash-downgrade.ts'

/** The kept rehearsal of a plan, as far as it still holds; null where there is none, or where a new one is wanted and would say more. */
export async function readStoredRehearsal(
  {
    plan,
    config,
    rehearse,
  }: { readonly plan: Plan; readonly config: ProjectConfig; readonly rehearse: boolean },
  ports: Pick<EnginePorts, 'rehearsals' | 'source' | 'digest'>,
  signal: AbortSignal,
): Promise<Rehearsal | null> {
  const kept = await ports.rehearsals.read(plan.planId)
  if (!kept) return null
  // Of an Alembic revision both ways are one file, and a changed one makes another plan.
  const routes =
    plan.source === 'alembic'
      ? kept.routes
      : await mapConcurrently(kept.routes, 4, route => forgetOldDowngrade(route, plan, ports, signal))
  const isPartial = routes.some(
    ({ problem, notRehearsed, reversibility }) =>
      // What was in the way may be mended by now.
      problem !== null ||
      notRehearsed !== undefined ||
      (config.rehearsal.reverse && reversibility.verdict === 'not_tried'),
  )
  return rehearse && isPartial ? null : { ...kept, routes }
}

async function forgetOldDowngrade(
  rehearsed: RouteRehearsal,
  { routes }: Plan,
  ports: Pick<EnginePorts, 'source' | 'digest'>,
  signal: AbortSignal,
): Promise<RouteRehearsal> {
  const { reversibility } = rehearsed
  const route = routes.find(candidate => candidate.id === rehearsed.route)
  if (!route || reversibility.verdict === 'not_tried') return rehearsed
  if ((await hashDowngrade(ports, route, signal)) === reversibility.wayBack) return rehearsed
  const evidence = ['the downgrade has changed since the rehearsal: lockstep plan --rehearse']
  return { ...rehearsed, reversibility: { verdict: 'not_tried', evidence } }
}
