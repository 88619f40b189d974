import type { PlannedGroup, PlannedTenant } from '../../../shared/plan/plan.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { gidFor, parseGid } from '../../naming/gid.ts'
import type { ExecutionContext } from '../context/run-context.ts'

/** A vote that is prepared, and the server that holds it. */
export interface Leftover {
  readonly server: string
  readonly cluster: string
  readonly database: string
  readonly gid: string
  readonly xid: string
}

/** A vote of a tenant that is in the plan. */
export interface LeftVote extends Leftover {
  readonly group: PlannedGroup
  readonly planned: PlannedTenant
}

/** What a dead run has left prepared. */
export interface Leftovers {
  readonly votes: readonly LeftVote[]
  /** Prepared under its name, in databases that are not in its plan. */
  readonly strays: readonly Leftover[]
}

/** Lists every vote of the run that is prepared on any primary. */
export async function listLeftovers(context: ExecutionContext): Promise<Leftovers> {
  const { ports, topology, plan, runId, signal } = context
  const found = await mapConcurrently(topology.clusters, 4, async ({ name, primary }) => {
    const listed = await ports.prepared.list(primary.server, signal)
    return listed
      .filter(({ gid }) => parseGid(gid)?.runId === runId)
      .map(({ gid, database, xid }) => ({ server: primary.server, cluster: name, database, gid, xid }))
  })
  const votes: LeftVote[] = []
  const strays: Leftover[] = []
  for (const leftover of found.flat()) {
    const owner = findOwner(runId, plan.groups, leftover)
    if (owner) votes.push({ ...leftover, ...owner })
    else strays.push(leftover)
  }
  return { votes, strays }
}

/** Tenants that are schemas share their database: the identifier says whose vote it is. */
function findOwner(runId: string, groups: readonly PlannedGroup[], leftover: Leftover) {
  for (const group of groups) {
    const planned = group.tenants.find(
      ({ tenant, cluster, database }) =>
        leftover.cluster === cluster &&
        leftover.database === database &&
        leftover.gid === gidFor(runId, group.name, tenant),
    )
    if (planned) return { group, planned }
  }
  return null
}
