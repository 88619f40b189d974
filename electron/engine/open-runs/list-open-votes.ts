import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { parseGid } from '../../naming/gid.ts'
import type { PreparedTransactions } from '../ports/servers.ts'

/** A prepared transaction of some run of ours: its tables are locked until that run, or its recovery, settles it. */
export interface OpenVote {
  readonly runId: string
  readonly gid: string
}

/** Lists the votes that are prepared on these primaries, whichever run they belong to. */
export async function listOpenVotes(
  prepared: Pick<PreparedTransactions, 'list'>,
  primaries: readonly string[],
  signal: AbortSignal,
): Promise<readonly OpenVote[]> {
  const lists = await Promise.all(primaries.map(server => prepared.list(server, signal)))
  return lists.flat().flatMap(({ gid }) => {
    const parsed = parseGid(gid)
    return parsed ? [{ runId: parsed.runId, gid }] : []
  })
}

/** Throws `run_unfinished` while votes are open on the primaries of a topology: what looks into their tables would wait in vain. */
export async function refuseOpenVotes(
  prepared: Pick<PreparedTransactions, 'list'>,
  topology: Topology,
  signal: AbortSignal,
): Promise<void> {
  const primaries = topology.clusters.map(cluster => cluster.primary.server)
  const refusal = refusalOf(await listOpenVotes(prepared, primaries, signal))
  if (refusal) throw new LockstepError(refusal)
}

/** Why nothing can begin while votes are open; null when there are none. */
export function refusalOf(votes: readonly OpenVote[]): Extract<Failure, { kind: 'run_unfinished' }> | null {
  const [first] = votes
  return first ? { kind: 'run_unfinished', runId: first.runId, prepared: votes.map(vote => vote.gid) } : null
}
