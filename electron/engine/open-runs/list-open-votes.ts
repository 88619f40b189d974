import type { Failure } from '../../../shared/failure/failure.ts'
import { parseGid } from '../../naming/gid.ts'
import type { RunStore, StoredRun } from '../ports/run-log.ts'
import type { PreparedTransactions } from '../ports/servers.ts'

/** A prepared transaction of some run of ours: its tables are locked until that run, or its recovery, settles it. */
export interface UnsettledVote {
  readonly runId: string
  readonly gid: string
  readonly server: string
  readonly database: string
  /** The role that prepared it. */
  readonly owner: string
}

/** Lists the votes that are prepared on these primaries, whichever run they belong to. */
export async function listOpenVotes(
  prepared: Pick<PreparedTransactions, 'list'>,
  primaries: readonly string[],
  signal: AbortSignal,
): Promise<readonly UnsettledVote[]> {
  const lists = await Promise.all(
    primaries.map(async server =>
      (await prepared.list(server, signal)).map(({ gid, database, owner }) => ({
        server,
        gid,
        database,
        owner,
      })),
    ),
  )
  return lists.flat().flatMap(vote => {
    const parsed = parseGid(vote.gid)
    return parsed ? [{ runId: parsed.runId, ...vote }] : []
  })
}

/** Where votes are found, and the logs that they belong to. */
export interface VotePorts {
  readonly prepared: Pick<PreparedTransactions, 'list'>
  readonly store: Pick<RunStore, 'list'>
}

/** Why nothing can begin in a project while votes are in its way, and what is wrong with the log that tells about them; null when there are none. */
export function refusalOf(
  votes: readonly UnsettledVote[],
  runs: readonly Pick<StoredRun, 'runId' | 'project' | 'damage' | 'lost' | 'unreadable'>[],
  project: string,
): Extract<Failure, { kind: 'run_unfinished' }> | null {
  const [first] = votes
  if (!first) return null
  const { runId } = first
  const prepared = votes.map(vote => vote.gid)
  const run = runs.find(one => one.runId === runId)
  const other = run?.project != null && run.project !== project ? { project: run.project } : {}
  return { kind: 'run_unfinished', runId, prepared, ...other, ...judgeLog(run) }
}

function judgeLog(
  run: Pick<StoredRun, 'damage' | 'lost' | 'unreadable'> | undefined,
): Pick<Extract<Failure, { kind: 'run_unfinished' }>, 'damage' | 'log'> {
  if (run === undefined) return { log: 'elsewhere' }
  // A tenant that has voted has begun: its log was not always empty.
  if (run.unreadable === 'empty') return { log: 'emptied', damage: emptied }
  return {
    ...(run.damage === null ? {} : { damage: run.damage }),
    ...(run.lost === undefined ? {} : { log: run.lost }),
  }
}

/** What is wrong with an empty log of a run that has voted. */
export const emptied = 'the log is empty, though votes were cast: the events that it held are gone'
