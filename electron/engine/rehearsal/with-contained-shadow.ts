import type { BeyondCopy } from '../../../shared/analysis/rehearsal.ts'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import { listNames } from '../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { SharedState } from '../ports/reach-facts.ts'
import type { Shadow, ShadowRequest } from '../ports/shadows.ts'
import { farthestOf } from '../reach/code-traits.ts'
import {
  describeReach,
  examineCopying,
  examineSteps,
  type RouteReach,
  type StepReach,
} from '../reach/examine-steps.ts'
import { compareShared } from './compare-shared.ts'
import type { RehearsalContext } from './rehearsal-context.ts'

/** A copy on which steps may be run, and what was found out about them before. */
export interface ContainedShadow {
  readonly shadow: Shadow
  readonly reach: RouteReach
}

/** What came of it, and whether all that the server's databases share is as before. */
export interface Contained<T> {
  readonly result: T
  readonly beyond: BeyondCopy
}

/** Where steps may be tried, best first. */
type Places = readonly ShadowRequest['where'][]

/**
 * Lends a copy of a tenant on which steps can do no harm: what reaches beyond a database runs in a server of our own.
 *
 * Throws `reaches_beyond` when nothing would contain them. Reading alone does not show everything, so a transaction
 * that changes what databases share is refused while it runs, and tried again in a server of our own.
 */
export async function withContainedShadow<T>(
  context: RehearsalContext,
  { tenant, steps }: { readonly tenant: Tenant; readonly steps: readonly PlannedStep[] },
  use: (lent: ContainedShadow) => Promise<T>,
  signal: AbortSignal,
): Promise<Contained<T>> {
  const { reachFacts, parser } = context.ports
  const code = await reachFacts.readCode(tenant, signal)
  const reach = withCopying(
    await examineSteps(steps, code, parser),
    examineCopying(code, context.config.rehearsal.data),
  )
  const before = await readShared(context, tenant, signal)
  const result = await tryPlaces(context, { tenant, steps, reach }, use, signal)
  const after = before && (await readShared(context, tenant, signal))
  return { result, beyond: before && after ? compareShared(before, after) : notRead }
}

/** Making the copy counts like a step. */
function withCopying(reach: RouteReach, copying: StepReach | null): RouteReach {
  const found = [copying, reach.farthest].filter(one => one !== null)
  const farthest = farthestOf(found.map(one => one.reach))
  return { ...reach, farthest: found.find(one => one.reach === farthest) ?? null }
}

interface Attempt {
  readonly tenant: Tenant
  readonly steps: readonly PlannedStep[]
  readonly reach: RouteReach
}

async function tryPlaces<T>(
  context: RehearsalContext,
  { tenant, steps, reach }: Attempt,
  use: (lent: ContainedShadow) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { data, where } = context.config.rehearsal
  const told = reach.farthest ? describeReach(reach.farthest) : ''
  const refuse = (why: string, seen = told): LockstepError =>
    new LockstepError({ kind: 'reaches_beyond', tenant: tenant.name, reach: seen, why })
  const lend = (place: ShadowRequest['where']): Promise<T> =>
    context.ports.shadows.withShadow(
      { tenant, where: place, data, onLeft: context.onProgress },
      shadow => use({ shadow, reach }),
      signal,
    )
  const places = choosePlaces(where, reach, steps)
  let why = whyNowhere(where, reach)
  for (const place of places) {
    try {
      return await lend(place)
    } catch (error) {
      const failure = toFailure(error)
      if (signal.aborted) throw error
      if (failure.kind === 'reaches_beyond') {
        if (where !== 'auto') throw refuse(whyNowhere(where, reach), failure.reach)
        return await lend('sandbox').catch((second: unknown) => {
          throw signal.aborted ? second : refuse(nameNoServer(second), failure.reach)
        })
      }
      if (failure.kind !== 'shadow_failed' || told === '') throw error
      why = nameNoServer(error)
    }
  }
  throw refuse(why)
}

/** What is not seen is kept in by the transaction alone, where there is one and no other server to be had. */
function choosePlaces(
  where: ShadowRequest['where'],
  { farthest, waysOut }: RouteReach,
  steps: readonly PlannedStep[],
): Places {
  const scope = farthest?.reach.scope ?? null
  if (scope === null) return [where]
  if (scope === 'outside' || (scope === 'unknown' && waysOut.length > 0)) return []
  const isKeptIn = scope === 'unknown' && steps.every(step => step.transactional)
  if (where === 'auto') return isKeptIn ? ['sandbox', 'server'] : ['sandbox']
  return where === 'sandbox' || isKeptIn ? [where] : []
}

function whyNowhere(where: ShadowRequest['where'], { farthest, waysOut }: RouteReach): string {
  if (farthest?.reach.scope === 'outside') return 'no server of our own would contain that'
  if (farthest?.reach.scope === 'unknown' && waysOut.length > 0)
    return `${listNames(waysOut)} could take it to any server`
  return where === 'server' ? 'rehearsal.where: server keeps it out of a server of our own' : ''
}

function nameNoServer(error: unknown): string {
  const failure = toFailure(error)
  if (failure.kind !== 'shadow_failed') throw error
  return failure.tried.map(({ how, outcome }) => `no ${how}: ${outcome}`).join('; ')
}

const notRead: BeyondCopy = {
  changes: null,
  unread: ['anything that the databases of the server share, because it could not be read'],
}

/** Null where it cannot be read, which is no fault of the migration. */
async function readShared(
  { ports }: RehearsalContext,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<SharedState | null> {
  try {
    return await ports.reachFacts.readShared(tenant, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return null
  }
}
