import { toFailure } from '../../../shared/failure/failure.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'

const lookAgainMs = 200

/** A transaction whose answer was lost, and what is known of it. */
export interface LostVote {
  readonly server: string
  readonly gid: string | null
  readonly xid: string | null
}

/**
 * What became of it. `over`: neither prepared nor able to be any more. `running`: its backend had not ended at the deadline,
 * or it could not be asked.
 */
export type VoteFate = 'prepared' | 'over' | 'running'

/** Asks the database until the transaction has come to its end, or the deadline has. */
export async function findVoteFate(
  ports: Pick<EnginePorts, 'prepared' | 'clock'>,
  { server, gid, xid }: LostVote,
  deadline: AbortSignal,
): Promise<VoteFate> {
  const { prepared, clock } = ports
  while (!deadline.aborted) {
    try {
      // In this order: one that is being prepared right now is found by the next look.
      const running = xid !== null && (await isRunning(prepared, server, xid, deadline))
      const listed = gid === null ? [] : await prepared.list(server, deadline)
      if (listed.some(transaction => transaction.gid === gid)) return 'prepared'
      if (!running) return 'over'
    } catch {
      // The server may be restarting: it is asked again until the deadline.
    }
    await clock.sleep(lookAgainMs, deadline)
  }
  return 'running'
}

async function isRunning(
  prepared: EnginePorts['prepared'],
  server: string,
  xid: string,
  deadline: AbortSignal,
): Promise<boolean> {
  try {
    return (await prepared.status(server, xid, deadline)) === 'in progress'
  } catch (error) {
    const failure = toFailure(error)
    // A server that crashed forgets transactions that never reached its disk: their ids lie "in the future".
    if (failure.kind === 'database_error' && failure.sqlstate === '22023') return false
    throw error
  }
}

/** The heads of a tenant, asked for until it answers; null when the deadline came first. */
export async function readHeadsUntil(
  { source, clock }: Pick<EnginePorts, 'source' | 'clock'>,
  tenant: Tenant,
  deadline: AbortSignal,
): Promise<readonly string[] | null> {
  while (!deadline.aborted) {
    try {
      return await source.readHeads(tenant, deadline)
    } catch {
      await clock.sleep(lookAgainMs, deadline)
    }
  }
  return null
}
