import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { ClosingRun } from '../../../shared/server/closed-reason.ts'
import type { Topology, UnreadableTenant } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { findBlock } from './find-block.ts'
import { listUnfinished } from './find-open-runs.ts'
import { findOpenVotes } from './find-open-votes.ts'
import { listOpenVotes, refusalOf, type VotePorts } from './list-open-votes.ts'
import { splitVotes, type VoteFacts } from './split-votes.ts'

/** Why nothing can begin in a project whose tenants were not found, as its servers and logs say; null where nothing is in the way. */
export async function findRefusal(
  question: Pick<VoteFacts, 'project' | 'holdsTenant'> & { readonly primaries: readonly string[] },
  { store, prepared }: VotePorts,
  signal: AbortSignal,
): Promise<Failure | null> {
  const { project, primaries } = question
  const runs = await store.list()
  const left = await listOpenVotes(prepared, primaries, signal)
  const { inTheWay } = splitVotes(left, { ...question, runs })
  const votes = refusalOf(inTheWay, runs, project)
  return findBlock({ project, votes, held: null, runs, openRuns: listUnfinished(project, runs) })
}

/** Throws while votes are open, and while a run that has no end keeps tenants closed: they cannot be read. */
export async function refuseOpen(
  fleet: { readonly config: ProjectConfig; readonly topology: Topology },
  ports: VotePorts,
  signal: AbortSignal,
): Promise<void> {
  const votes = await findOpenVotes(fleet, ports, signal)
  const refusal = votes ?? refusalOfClosed(fleet.topology.unreadable ?? [])
  if (refusal) throw new LockstepError(refusal)
}

/** Why nothing can begin while a run that has no end keeps some of these tenants closed; null where none does. */
export function refusalOfClosed(unreadable: readonly UnreadableTenant[]): Failure | null {
  const closed = unreadable.flatMap(({ tenant, cluster, failure }) =>
    failure.kind === 'database_closed' && failure.by && failure.by.state !== 'ended'
      ? [{ tenant, cluster, by: failure.by }]
      : [],
  )
  const [first] = closed
  if (!first) return null
  const { runId, state } = first.by
  if (state === 'at_work') return { kind: 'run_locked', cluster: first.cluster, holder: `lockstep ${runId}` }
  return { kind: 'run_unfinished', runId, prepared: [], closed: namesClosedBy(runId, closed) }
}

function namesClosedBy(
  runId: string,
  closed: readonly { readonly tenant: string; readonly by: ClosingRun }[],
): readonly string[] {
  return closed.filter(({ by }) => by.runId === runId).map(({ tenant }) => tenant)
}

/** Adds to the failure of an unfinished run the tenants that it has closed. */
export function withClosed(failure: Failure, { unreadable = [] }: Pick<Topology, 'unreadable'>): Failure {
  const closed = refusalOfClosed(unreadable)
  if (failure.kind !== 'run_unfinished' || closed?.kind !== 'run_unfinished') return failure
  return failure.runId === closed.runId ? { ...closed, ...failure } : failure
}
