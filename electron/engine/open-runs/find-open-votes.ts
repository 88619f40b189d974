import type { Failure } from '../../../shared/failure/failure.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { listOpenVotes, refusalOf, type VotePorts } from './list-open-votes.ts'
import { holdsTenant, splitVotes } from './split-votes.ts'

/** Says `run_unfinished` while votes are open that are in the way of a project: what looks into their tables would wait in vain. */
export async function findOpenVotes(
  { config, topology }: { readonly config: ProjectConfig; readonly topology: Topology },
  { prepared, store }: VotePorts,
  signal: AbortSignal,
): Promise<Failure | null> {
  const { project } = config
  const primaries = topology.clusters.map(cluster => cluster.primary.server)
  const votes = await listOpenVotes(prepared, primaries, signal)
  if (votes.length === 0) return null
  const runs = await store.list()
  const { inTheWay } = splitVotes(votes, { project, runs, holdsTenant: vote => holdsTenant(vote, topology) })
  return refusalOf(inTheWay, runs, project)
}
