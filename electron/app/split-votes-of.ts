import type { ProjectConfig } from '../config/project-config.ts'
import type { UnsettledVote } from '../engine/open-runs/list-open-votes.ts'
import { holdsTenant, splitVotes } from '../engine/open-runs/split-votes.ts'
import type { EnginePorts } from '../engine/ports/engine-ports.ts'
import type { StoredRun } from '../engine/ports/run-log.ts'
import { discoverTopology } from '../engine/topology/discover-topology.ts'
import { mayHoldTenant } from '../engine/topology/may-hold-tenant.ts'

/** Tells the votes that are in the way of a project from those of others; its tenants are only looked for where there are votes. */
export async function splitVotesOf(
  { config, runs }: { readonly config: ProjectConfig; readonly runs: readonly StoredRun[] },
  votes: readonly UnsettledVote[],
  ports: Pick<EnginePorts, 'store' | 'prepared' | 'servers' | 'locks'>,
  signal: AbortSignal,
): Promise<ReturnType<typeof splitVotes>> {
  if (votes.length === 0) return { inTheWay: [], others: [] }
  // Whoever cannot be found may be what is prepared: then the configuration is asked.
  const topology = await discoverTopology(config, ports, async () => undefined, signal).catch(() => null)
  return splitVotes(votes, {
    project: config.project,
    runs,
    holdsTenant: vote => (topology ? holdsTenant(vote, topology) : mayHoldTenant(vote, config)),
  })
}
