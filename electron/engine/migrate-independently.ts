import type { Failure } from '../../shared/failure.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { PlannedGroup, PlannedStep, PlannedTenant, Route } from '../../shared/plan.ts'
import type { ExpectedFingerprints } from './inspect-vote.ts'
import { migrateTenant } from './migrate-tenant.ts'
import type { ExecutionContext } from './run-context.ts'
import type { SettledGroup } from './settle-group.ts'
import { routeHead, routeTail } from './split-route.ts'

/** What each tenant of the group is to run, alone. */
interface Portion {
  readonly planned: PlannedTenant
  readonly route: Route
  readonly steps: readonly PlannedStep[]
}

/** Each tenant alone, all its steps: the group's mode is `independent`. */
export async function migrateIndependently(
  context: ExecutionContext,
  group: PlannedGroup,
  stop: AbortController,
): Promise<SettledGroup> {
  const portions = portionsOf(context, group, route => route.steps)
  const tenants = portions.map(portion => portion.planned.tenant)
  await context.recorder.record({
    type: 'group.started',
    group: group.name,
    mode: group.mode,
    tenants,
    volatile: {},
  })
  const settled = await runPortions(context, group, portions, stop)
  await context.recorder.tryRecord({
    type: 'group.finished',
    group: group.name,
    result: settled.result,
    volatile: {},
  })
  return settled
}

/** The steps that could not vote, after the group's commit: idempotent, so that a second run goes on where this one stops. */
export function migrateTails(
  context: ExecutionContext,
  group: PlannedGroup,
  stop: AbortController,
): Promise<SettledGroup> {
  return runPortions(context, group, portionsOf(context, group, routeTail), stop)
}

function portionsOf(
  context: ExecutionContext,
  group: PlannedGroup,
  choose: (route: Route) => readonly PlannedStep[],
): readonly Portion[] {
  return group.tenants.flatMap(planned => {
    const route = context.plan.routes.find(candidate => candidate.id === planned.route)
    const steps = route ? choose(route) : []
    return route && steps.length > 0 ? [{ planned, route, steps }] : []
  })
}

async function runPortions(
  context: ExecutionContext,
  group: PlannedGroup,
  portions: readonly Portion[],
  stop: AbortController,
): Promise<SettledGroup> {
  const settings = context.config.groups.find(candidate => candidate.name === group.name)
  const fingerprints: ExpectedFingerprints = new Map()
  const committed: string[] = []
  const unsettled: string[] = []
  let failure: Failure | null = null
  await mapConcurrently(portions, group.parallel, async portion => {
    if (stop.signal.aborted) return
    const ended = await runPortion(context, group, portion, fingerprints, stop)
    if (ended.changed) committed.push(portion.planned.tenant)
    if (!ended.failure) return
    if (ended.unsettled) unsettled.push(portion.planned.tenant)
    failure ??= ended.failure
    if (settings?.onFailure !== 'continue') stop.abort()
  })
  const complete = failure === null && committed.length === portions.length
  const result =
    unsettled.length > 0
      ? 'unsettled'
      : complete
        ? 'committed'
        : committed.length > 0
          ? 'partial'
          : 'rolled_back'
  return { result, committed, unsettled, failure }
}

/** One tenant's steps: a transaction for the leading ones, then one by one. */
async function runPortion(
  context: ExecutionContext,
  group: PlannedGroup,
  { planned, route, steps }: Portion,
  fingerprints: ExpectedFingerprints,
  stop: AbortController,
): Promise<{ readonly changed: boolean; readonly unsettled: boolean; readonly failure: Failure | null }> {
  const subject = { group: group.name, tenant: planned.tenant }
  const before = route.steps.slice(0, route.steps.length - steps.length)
  const leading = routeHead({ ...route, steps })
  const portions = [leading, ...steps.slice(leading.length).map(step => [step])].filter(
    part => part.length > 0,
  )
  let from = before.at(-1)?.headsAfter ?? planned.from
  let changed = false
  for (const part of portions) {
    if (stop.signal.aborted)
      return { changed, unsettled: false, failure: { kind: 'cancelled', reason: 'the group was stopped' } }
    const to = part.at(-1)?.headsAfter ?? from
    const transactional = part.every(step => step.transactional)
    const ballot = await migrateTenant(
      context,
      { group, planned, route, from, steps: part, to, transactional, gid: null, fingerprints },
      stop,
    )
    if (ballot.vote !== 'yes') {
      await context.recorder.tryRecord({
        type: 'tenant.rolled_back',
        ...subject,
        how: 'transaction',
        volatile: {},
      })
      return {
        changed: changed || !transactional,
        unsettled: ballot.vote === 'unsettled' || !transactional,
        failure: ballot.failure,
      }
    }
    changed = true
    from = to
    await context.recorder.tryRecord({ type: 'tenant.committed', ...subject, volatile: { xid: ballot.xid } })
  }
  return { changed, unsettled: false, failure: null }
}
