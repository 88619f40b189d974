import type { Plan, PlannedGroup, PlannedTenant } from '../../../shared/plan/plan.ts'
import { findRoute, listPlanned } from '../../../shared/plan/plan-selectors.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { SchemaPosition } from '../../../shared/run/rollback.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import { formatHeads } from '../../../shared/text/plain-words.ts'
import { readVolatileNumber, readVolatileText } from '../../../shared/text/volatile.ts'
import { mayHaveCommitted } from '../open-runs/may-have-committed.ts'
import type { NotedWrites } from '../snapshots/write-ledger.ts'

/** A tenant that a run has moved, as the run's log tells it. */
export interface UndoneTenant {
  readonly planned: PlannedTenant
  readonly before: SchemaPosition
  readonly after: SchemaPosition
  /** From where on rows are others'; null where the run could not say, and `unknownWrites` says why. */
  readonly writes: NotedWrites | null
  readonly unknownWrites: string
}

/** A run that can be undone. */
export interface UndoneRun {
  readonly runId: string
  readonly plan: Plan
  readonly groups: readonly PlannedGroup[]
  readonly tenants: readonly UndoneTenant[]
}

/** Reads which tenants a run has moved, from where and to where; or says why it is none that can be undone. */
export function readUndoneRun(
  runId: string,
  events: readonly RunEvent[],
): { readonly run: UndoneRun; readonly refusal: null } | { readonly run: null; readonly refusal: string } {
  const state = foldAll(events)
  const refusal = refuse(state)
  if (refusal !== null || !state.plan) return { run: null, refusal: refusal ?? 'it never had a plan' }
  const { plan } = state
  const committed = new Map(
    state.tenants.filter(one => one.status === 'committed').map(one => [one.tenant, one]),
  )
  const tenants = listPlanned(plan).flatMap((planned): readonly UndoneTenant[] => {
    const tenant = committed.get(planned.tenant)
    const route = findRoute(plan, planned)
    if (!tenant || !route) return []
    return [
      {
        planned,
        before: readBefore(events, planned),
        after: { heads: route.to, fingerprint: readAfter(state, planned.tenant) },
        ...readWrites(events, planned.tenant),
      },
    ]
  })
  if (tenants.length === 0) return { run: null, refusal: 'it committed nothing' }
  return { run: { runId, plan, groups: plan.groups, tenants }, refusal: null }
}

function refuse(state: RunState): string | null {
  if (state.intent?.verb === 'rollback')
    return `it is a rollback itself: to go forward again, run the migration to ${formatHeads(state.plan?.groups[0]?.tenants[0]?.from ?? [])}`
  if (state.outcome === null)
    return 'it has not come to its end: lockstep recover settles one that was cut off'
  if (mayHaveCommitted(state)) return null
  return `it committed nothing: it ended as ${state.outcome.replaceAll('_', ' ')}`
}

function readBefore(events: readonly RunEvent[], planned: PlannedTenant): SchemaPosition {
  const taken = events.findLast(event => event.type === 'snapshot.taken' && event.tenant === planned.tenant)
  if (taken?.type === 'snapshot.taken') return { heads: taken.heads, fingerprint: taken.fingerprint }
  return { heads: planned.from, fingerprint: planned.fingerprint }
}

/** What was found after the commit counts more than what the vote saw: steps outside a transaction came later. */
function readAfter(state: RunState, tenant: string): string {
  const compared = state.comparisons.findLast(one => one.tenant === tenant)
  const folded = state.tenants.find(one => one.tenant === tenant)
  return compared?.expected ?? folded?.fingerprintAfter ?? ''
}

function readWrites(
  events: readonly RunEvent[],
  tenant: string,
): Pick<UndoneTenant, 'writes' | 'unknownWrites'> {
  const noted = events.findLast(event => event.type === 'writes.noted' && event.tenant === tenant)
  if (noted?.type !== 'writes.noted')
    return { writes: null, unknownWrites: 'the run did not note the counters' }
  const baseline = readVolatileNumber(noted.volatile, 'baseline')
  const mark = readVolatileText(noted.volatile, 'mark')
  if (!noted.known || baseline === null || mark === null) return { writes: null, unknownWrites: noted.why }
  const files = readVolatileText(noted.volatile, 'files')
  const positions = readVolatileText(noted.volatile, 'positions')
  return { writes: { baseline, mark, files, positions }, unknownWrites: '' }
}
