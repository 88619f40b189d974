import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationRoute, PlannedGroup, PlannedStep, PlannedTenant } from '../../../shared/plan/plan.ts'
import { findRoute } from '../../../shared/plan/plan-selectors.ts'
import type { GroupResult } from '../../../shared/run/outcome.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { passSafePoint } from '../context/pass-safe-point.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import type { StopSwitch } from '../context/stop-switch.ts'
import { describeLostLock } from '../context/watch-lock.ts'
import { cutSteps, routeTail } from '../routes/split-route.ts'
import { type ExpectedFingerprints, expectRehearsed } from '../voting/inspect-vote.ts'
import { type Ballot, migrateTenant } from '../voting/migrate-tenant.ts'
import type { SettledGroup } from '../voting/settle-group.ts'

/** What each tenant of the group is to run, alone. */
interface Portion {
  readonly planned: PlannedTenant
  readonly route: MigrationRoute
  readonly steps: readonly PlannedStep[]
}

/** Each tenant alone, all its steps: the group's mode is `independent`. */
export async function migrateIndependently(
  context: ExecutionContext,
  group: PlannedGroup,
  stop: StopSwitch,
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
  stop: StopSwitch,
): Promise<SettledGroup> {
  return runPortions(context, group, portionsOf(context, group, routeTail), stop)
}

function portionsOf(
  context: ExecutionContext,
  group: PlannedGroup,
  choose: (route: MigrationRoute) => readonly PlannedStep[],
): readonly Portion[] {
  return group.tenants.flatMap(planned => {
    const route = findRoute(context.plan, planned)
    const steps = route ? choose(route) : []
    return route && steps.length > 0 ? [{ planned, route, steps }] : []
  })
}

async function runPortions(
  context: ExecutionContext,
  group: PlannedGroup,
  portions: readonly Portion[],
  stop: StopSwitch,
): Promise<SettledGroup> {
  const settings = context.config.groups.find(candidate => candidate.name === group.name)
  const fingerprints = expectRehearsed(context)
  const committed: string[] = []
  const unsettled: string[] = []
  let failure: Failure | null = null
  await mapConcurrently(portions, group.parallel, async portion => {
    await passSafePoint(context, `tenant ${portion.planned.tenant}`)
    const reason = whyNotBegin(context, stop)
    if (reason) {
      failure ??= reason
      await tellStepsLeft(context, group, portion.planned, doneBefore(portion).at(-1)?.headsAfter)
      return
    }
    const ended = await runPortion(context, group, portion, fingerprints, stop)
    if (ended.changed) committed.push(portion.planned.tenant)
    if (!ended.failure) return
    if (ended.unsettled) unsettled.push(portion.planned.tenant)
    // The failure that explains the others comes before those that merely followed from the stop.
    if (failure === null || failure.kind === 'cancelled') failure = ended.failure
    if (settings?.onFailure !== 'continue') stop.pull()
  })
  return { result: nameResult(committed, unsettled, failure), committed, unsettled, failure }
}

/** Whoever has committed something is not at the target while steps are left that nobody begins any more. */
async function tellStepsLeft(
  { recorder }: ExecutionContext,
  group: PlannedGroup,
  { tenant }: PlannedTenant,
  heads: readonly string[] | undefined,
): Promise<void> {
  if (heads === undefined) return
  const failure = { kind: 'steps_left', tenants: [tenant], heads } as const
  await recorder.tryRecord({ type: 'tenant.unsettled', group: group.name, tenant, failure, volatile: {} })
}

const stopped: Failure = { kind: 'cancelled', reason: 'the group was stopped' }

/** Why no further step may begin: the group was stopped, or the run lock is lost and another run may have begun. */
function whyNotBegin(context: ExecutionContext, stop: StopSwitch): Failure | null {
  return stop.signal.aborted ? stopped : describeLostLock(context)
}

/** The steps that a group's vote has committed before this portion. */
function doneBefore({ route, steps }: Portion): readonly PlannedStep[] {
  return route.steps.slice(0, route.steps.length - steps.length)
}

function nameResult(
  committed: readonly string[],
  unsettled: readonly string[],
  failure: Failure | null,
): GroupResult {
  if (unsettled.length > 0) return 'unsettled'
  if (failure === null) return 'committed'
  return committed.length > 0 ? 'partial' : 'rolled_back'
}

/** How one tenant's portion ended. */
interface PortionEnd {
  /** Whether any of the tenant's steps has been committed. */
  readonly changed: boolean
  readonly unsettled: boolean
  readonly failure: Failure | null
}

/** One tenant's steps: a transaction for the leading ones, then one by one. Never throws: what has committed is always told. */
async function runPortion(
  context: ExecutionContext,
  group: PlannedGroup,
  portion: Portion,
  fingerprints: ExpectedFingerprints,
  stop: StopSwitch,
): Promise<PortionEnd> {
  const { planned, route, steps } = portion
  const subject = { group: group.name, tenant: planned.tenant }
  const before = doneBefore(portion)
  let from = before.at(-1)?.headsAfter ?? planned.from
  let changed = before.length > 0
  for (const part of cutSteps(steps)) {
    const reason = whyNotBegin(context, stop)
    if (reason) {
      if (changed) await tellStepsLeft(context, group, planned, from)
      return { changed, unsettled: false, failure: reason }
    }
    const to = part.at(-1)?.headsAfter ?? from
    const transactional = part.every(step => step.transactional)
    let ballot: Ballot
    try {
      ballot = await migrateTenant(
        context,
        { group, planned, route, from, steps: part, to, transactional, gid: null, fingerprints },
        stop,
      )
    } catch (error) {
      // Nothing was begun: the log could not be written.
      return { changed, unsettled: false, failure: toFailure(error) }
    }
    if (ballot.vote !== 'yes') return endPortion(context, subject, ballot, { changed, transactional })
    changed = true
    from = to
    await context.recorder.tryRecord({ type: 'tenant.committed', ...subject, volatile: { xid: ballot.xid } })
  }
  return { changed, unsettled: false, failure: null }
}

/**
 * A transaction that failed is rolled back; what had committed before it stays. What failed outside of one may have left
 * something: where nothing of the tenant had committed before, the proof at the end says whether it has; otherwise a
 * person must look.
 */
async function endPortion(
  { recorder }: ExecutionContext,
  subject: { readonly group: string; readonly tenant: string },
  { vote, failure }: Ballot,
  { changed, transactional }: { readonly changed: boolean; readonly transactional: boolean },
): Promise<PortionEnd> {
  if (vote === 'unsettled') return { changed, unsettled: true, failure }
  if (failure?.kind === 'committed_behind_our_back') {
    await recorder.tryRecord({ type: 'tenant.unsettled', ...subject, failure, volatile: {} })
    return { changed, unsettled: true, failure }
  }
  if (changed && failure)
    await recorder.tryRecord({ type: 'tenant.unsettled', ...subject, failure, volatile: {} })
  else if (transactional)
    await recorder.tryRecord({ type: 'tenant.rolled_back', ...subject, how: 'transaction', volatile: {} })
  return { changed, unsettled: changed && !transactional, failure }
}
