import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { ClosingRun } from '../../../shared/server/closed-reason.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { RunStore, StoredRun } from '../ports/run-log.ts'

/** A database that a rollback has closed, for its copy to take its place, and that it has not opened since. */
export interface ClosedByRun {
  readonly cluster: string
  readonly database: string
  readonly by: ClosingRun
}

/** What rollbacks of a project have closed by their logs, newest first: a search for tenants finds no such database. */
export async function listClosedByRuns(
  project: string,
  store: Pick<RunStore, 'list' | 'readIntact'>,
): Promise<readonly ClosedByRun[]> {
  const rollbacks = (await store.list()).filter(run => run.project === project && mayHaveClosed(run))
  const found = await mapConcurrently(rollbacks, 4, async run => {
    const intact = await store.readIntact(run.runId).catch(() => null)
    const by = { runId: run.runId, state: stateOf(run) }
    return listClosed(intact?.events ?? []).map(place => ({ ...place, by }))
  })
  return found.flat()
}

function mayHaveClosed({ undoes, outcome }: StoredRun): boolean {
  return undoes !== undefined && (outcome === null || outcome === 'needs_human')
}

function stateOf({ alive, outcome }: StoredRun): ClosingRun['state'] {
  if (outcome !== null) return 'ended'
  return alive ? 'at_work' : 'cut_off'
}

function listClosed(events: readonly RunEvent[]): readonly Omit<ClosedByRun, 'by'>[] {
  const found = events.findLast(event => event.type === 'tenants.discovered')
  const tenants = found?.type === 'tenants.discovered' ? found.tenants : []
  const closed = lastSteps(events).filter(event => event.step === 'closed')
  const names = new Set(closed.map(event => event.tenant))
  return tenants.filter(one => names.has(one.name)).map(({ cluster, database }) => ({ cluster, database }))
}

/** How far a rollback came with the copy of each tenant. */
export function lastSteps(
  events: readonly RunEvent[],
): readonly Extract<RunEvent, { readonly type: 'tenant.restoring' }>[] {
  const steps = events.filter(event => event.type === 'tenant.restoring')
  return [...new Map(steps.map(event => [event.tenant, event])).values()]
}
