import type { Rehearsal, RouteRehearsal, ShadowDescription } from '../../../shared/analysis/rehearsal.ts'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { Plan, PlannedStep } from '../../../shared/plan/plan.ts'
import { listNames } from '../../../shared/text/plain-words.ts'
import type { Tenant, Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { withDeadline } from '../../lib/with-deadline.ts'
import { nameFailure } from '../checks/name-failure.ts'
import { findTenant } from '../context/run-context.ts'
import { examineSteps } from '../reach/examine-steps.ts'
import { explainProblem } from './explain-problem.ts'
import { listClasses, listRepresentatives, type RehearsalClass } from './list-classes.ts'
import type { RehearsalContext, RehearsalPorts } from './rehearsal-context.ts'
import { rehearseClass } from './rehearse-class.ts'
import { withContainedShadow } from './with-contained-shadow.ts'

/** What is rehearsed, and how. */
export interface RehearsalRequest {
  readonly plan: Plan
  readonly topology: Topology
  readonly config: ProjectConfig
  /** Told of each step in words, for the person who waits. */
  readonly onProgress: (line: string) => void
}

/** A class that ran on a copy, or did not. */
interface Rehearsed {
  readonly route: RouteRehearsal
  readonly shadow: ShadowDescription | null
  /** Whether it failed for a reason of the tenant that was copied. */
  readonly isOwn: boolean
  readonly tried: Extract<LockstepError['failure'], { kind: 'shadow_failed' }>['tried']
}

/** Runs every route of a plan on a copy of one tenant of each class, down and up again. Throws `shadow_failed` when no copy can be made. */
export async function rehearsePlan(
  request: RehearsalRequest,
  ports: RehearsalPorts,
  signal: AbortSignal,
): Promise<Rehearsal> {
  const { plan, config } = request
  const { clock } = ports
  const startedAt = clock.monotonicMs()
  const context: RehearsalContext = { config, ports, onProgress: request.onProgress }
  const done = await withDeadline(signal, config.rehearsal.timeoutSeconds * 1_000, async bounded => {
    const rehearsed: Rehearsed[] = []
    for (const member of listClasses(plan)) {
      rehearsed.push(await rehearseFirst(request, context, member, bounded))
      if (signal.aborted) throw new LockstepError({ kind: 'cancelled', reason: 'the rehearsal was stopped' })
    }
    return rehearsed
  })
  const shadow = describeShadows(done)
  if (shadow === null) {
    const [refused] = done.flatMap(({ route }) => route.notRehearsed ?? [])
    if (refused !== undefined) throw new LockstepError({ kind: 'usage', problem: refused, fix: '' })
    throw new LockstepError({ kind: 'shadow_failed', tried: done.flatMap(one => one.tried) })
  }
  const durationMs = Math.round(clock.monotonicMs() - startedAt)
  return { planId: plan.planId, at: clock.now(), shadow, routes: done.map(one => one.route), durationMs }
}

/** Tenants of one class that are tried: where that many cannot be copied, it is no matter of a single one. */
const mostCandidates = 3

/** Rehearses on the first tenant of a class that can be: one that is read-only or refuses connections speaks only for itself. */
async function rehearseFirst(
  request: RehearsalRequest,
  context: RehearsalContext,
  member: RehearsalClass,
  signal: AbortSignal,
): Promise<Rehearsed> {
  const passedOver: { readonly tenant: string; readonly reason: string }[] = []
  let first: Rehearsed | null = null
  for (const candidate of listRepresentatives(request.plan, member).slice(0, mostCandidates)) {
    const done = await rehearseMember(request, context, candidate, signal)
    if (!done.isOwn || signal.aborted) {
      const route = passedOver.length > 0 ? { ...done.route, passedOver } : done.route
      return { ...done, route }
    }
    first ??= done
    const reason = done.route.problem ?? ''
    context.onProgress(
      `${member.route.id}: ${candidate.representative.tenant} cannot be rehearsed: ${reason}`,
    )
    passedOver.push({ tenant: candidate.representative.tenant, reason })
  }
  return first ?? rehearseMember(request, context, member, signal)
}

async function rehearseMember(
  { topology, config }: RehearsalRequest,
  context: RehearsalContext,
  member: RehearsalClass,
  signal: AbortSignal,
): Promise<Rehearsed> {
  const tenant = findTenant(topology, member.representative.tenant)
  const { timeoutSeconds } = config.rehearsal
  let shadow: ShadowDescription | null = null
  const note = (description: ShadowDescription): void => {
    shadow = description
  }
  context.onProgress(`${member.route.id}: copying ${tenant.name}`)
  try {
    if (signal.aborted) throw new Error('no time is left')
    const route = await rehearseBothWays(context, { member, tenant, note }, signal)
    return { route, shadow, tried: [], isOwn: false }
  } catch (error) {
    const failure = toFailure(error)
    const tried = failure.kind === 'shadow_failed' ? failure.tried : []
    if (failure.kind === 'reaches_beyond' && !signal.aborted) {
      const notRehearsed = nameFailure(failure)
      return {
        route: { ...leftOut(member, notRehearsed), problem: null, notRehearsed },
        shadow,
        tried,
        isOwn: false,
      }
    }
    const problem = signal.aborted
      ? `not finished within ${timeoutSeconds} s (rehearsal.timeoutSeconds)`
      : nameFailure(failure)
    const { isOwn, remedy } = explainProblem(failure, true)
    return { route: { ...leftOut(member, problem), remedy }, shadow, tried, isOwn: isOwn && !signal.aborted }
  }
}

interface MemberWork {
  readonly member: RehearsalClass
  readonly tenant: Tenant
  readonly note: (description: ShadowDescription) => void
}

/** A downgrade that reaches beyond the database is left out where it cannot be contained; the upgrade is known then all the same. */
async function rehearseBothWays(
  context: RehearsalContext,
  work: MemberWork,
  signal: AbortSignal,
): Promise<RouteRehearsal> {
  const { route } = work.member
  const back = context.config.rehearsal.reverse ? await planBack(context, route, signal) : []
  try {
    return await rehearseSteps(context, work, [...route.steps, ...back], signal)
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'reaches_beyond' || back.length === 0 || signal.aborted) throw error
    if (await reachesOnItsWayUp(context, work, signal)) throw error
    const rehearsal = { ...context.config.rehearsal, reverse: false }
    const upOnly = { ...context, config: { ...context.config, rehearsal } }
    const rehearsed = await rehearseSteps(upOnly, work, route.steps, signal)
    const evidence = [`not tried: ${nameFailure(failure)}`]
    return { ...rehearsed, reversibility: { verdict: 'not_tried', evidence } }
  }
}

async function reachesOnItsWayUp(
  { ports }: RehearsalContext,
  { member, tenant }: MemberWork,
  signal: AbortSignal,
): Promise<boolean> {
  const code = await ports.reachFacts.readCode(tenant, signal)
  return (await examineSteps(member.route.steps, code, ports.parser)).farthest !== null
}

async function rehearseSteps(
  context: RehearsalContext,
  { member, tenant, note }: MemberWork,
  steps: readonly PlannedStep[],
  signal: AbortSignal,
): Promise<RouteRehearsal> {
  const { result, beyond } = await withContainedShadow(
    context,
    { tenant, steps },
    ({ shadow, reach }) => {
      note(shadow.description)
      return rehearseClass(context, { member, shadow, reach }, signal)
    },
    signal,
  )
  if (!beyond.changes?.length) return { ...result, beyond }
  const problem = `while it was rehearsed, something changed that all databases of the server share (by the rehearsal or by another session: plan again to see): ${listNames(beyond.changes, 8)}`
  return { ...result, beyond, problem: result.problem === null ? problem : `${result.problem}; ${problem}` }
}

/** The steps of the downgrade, for being looked at; none where there is no way, which shows again when it is tried. */
async function planBack(
  { ports }: RehearsalContext,
  { from, to }: RehearsalClass['route'],
  signal: AbortSignal,
): Promise<readonly PlannedStep[]> {
  try {
    return await ports.source.planDowngrade(to, from, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return []
  }
}

function leftOut(
  { route, fingerprint, representative, tenants }: RehearsalClass,
  problem: string,
): RouteRehearsal {
  return {
    route: route.id,
    startFingerprint: fingerprint,
    representative: representative.tenant,
    tenants,
    statements: [],
    endFingerprint: null,
    durationMs: 0,
    reversibility: { verdict: 'not_tried', evidence: [problem] },
    problem,
  }
}

/** The copy of the first class; how others were copied differently is said with it. Null when there was none at all. */
function describeShadows(done: readonly Rehearsed[]): ShadowDescription | null {
  const [first] = done.flatMap(one => one.shadow ?? [])
  if (!first) return null
  const others = done.flatMap(({ shadow, route }) =>
    shadow && (shadow.kind !== first.kind || shadow.data !== first.data)
      ? [`${route.representative}: ${shadow.kind}, ${shadow.data} (${shadow.why})`]
      : [],
  )
  return { ...first, why: [first.why, ...others].join('; ') }
}
