import { LockstepError, toFailure } from '../../../shared/failure.ts'
import type { RouteRehearsal } from '../../../shared/foresight/rehearsal.ts'
import { countOf } from '../../../shared/plain-words.ts'
import { nameFailure } from '../gates/name-failure.ts'
import { inspectVote } from '../inspect-vote.ts'
import type { Shadow } from '../ports/shadows.ts'
import { explainProblem } from './explain-problem.ts'
import type { RehearsalClass } from './list-classes.ts'
import type { RehearsalContext } from './rehearsal-context.ts'
import { type ClassAtTarget, rehearseWayBack } from './rehearse-way-back.ts'
import { runTraced } from './run-traced.ts'

/** Runs a class's route on a copy of its representative: up, and down and up again where that is wanted. */
export async function rehearseClass(
  context: RehearsalContext,
  member: RehearsalClass,
  shadow: Shadow,
  signal: AbortSignal,
): Promise<RouteRehearsal> {
  const { ports, config, onProgress } = context
  const { route, fingerprint, representative, tenants } = member
  const base = {
    route: route.id,
    startFingerprint: fingerprint,
    representative: representative.tenant,
    tenants,
  }
  const start = await ports.servers.fingerprint(shadow.server, shadow.tenant, signal)
  const before = config.rehearsal.reverse ? await shadow.readContents(signal) : []
  onProgress(
    `${route.id}: ${countOf(route.steps.length, 'revision')} up on a copy of ${representative.tenant}`,
  )
  const startedAt = ports.clock.monotonicMs()
  const { failure, statements } = await runTraced(
    context,
    shadow,
    {
      from: route.from,
      steps: route.steps,
      inspect: (inspection, part) => {
        if (inspection === null) return null
        const last = part.at(-1)
        return inspectVote(inspection, {
          tenant: representative.tenant,
          route,
          snapshot: { heads: route.from, fingerprint: start.hash, items: start.items },
          expectedHeads: last?.headsAfter ?? route.to,
          fingerprints: new Map(),
          allowUnvalidated: config.execution.allowUnvalidated,
        })
      },
    },
    signal,
  )
  const durationMs = Math.round(ports.clock.monotonicMs() - startedAt)
  if (failure !== null) {
    // No time is left, or somebody said stop: no matter of the migration.
    if (signal.aborted) throw new LockstepError(failure)
    const problem = nameFailure(failure)
    const { isOwn, remedy } = explainProblem(failure, shadow.description.data !== 'schema')
    if (isOwn) throw new LockstepError(failure)
    onProgress(`${route.id}: ${problem}`)
    const reversibility = { verdict: 'not_tried' as const, evidence: ['the way up failed'] }
    return { ...base, statements, endFingerprint: null, durationMs, reversibility, problem, remedy }
  }
  const end = await ports.servers.fingerprint(shadow.server, shadow.tenant, signal)
  const reversibility = await judgeBack(context, { member, shadow, start, end, before, statements }, signal)
  return {
    ...base,
    statements,
    // A copy that does not start as the tenants do (another major version) ends elsewhere, too.
    endFingerprint: start.hash === fingerprint ? end.hash : null,
    durationMs,
    reversibility,
    problem: null,
  }
}

/** A rehearsal whose way up is known is not lost when the time is over on the way back. */
async function judgeBack(
  context: RehearsalContext,
  stand: ClassAtTarget,
  signal: AbortSignal,
): Promise<RouteRehearsal['reversibility']> {
  if (!context.config.rehearsal.reverse) {
    return { verdict: 'not_tried', evidence: ['rehearsal.reverse is false in the configuration'] }
  }
  try {
    return await rehearseWayBack(context, stand, signal)
  } catch (error) {
    return { verdict: 'not_tried', evidence: [`not finished: ${nameFailure(toFailure(error))}`] }
  }
}
