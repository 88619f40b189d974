import type { PreparedTransactions } from '../ports/servers.ts'

/**
 * What became of a tenant that had to vote.
 *
 * - `prepared`: its vote is there, and can go either way.
 * - `committed`, `undone`: it came to its end so; who never began counts as undone.
 * - `running`: its transaction is still at work, so it has not committed.
 * - `absent`: its database is gone, so there is nothing left that could differ from the others.
 * - `unknown`: nobody answers, or the answers contradict each other.
 */
export type VoterState = 'prepared' | 'committed' | 'undone' | 'running' | 'absent' | 'unknown'

/** What the database says of one voter; null where it did not answer, or could not tell. */
export interface VoterEvidence {
  readonly isPrepared: boolean
  readonly isAbsent: boolean
  /** Of the transaction that was on record. */
  readonly status: Awaited<ReturnType<PreparedTransactions['status']>> | null
  /** Whether its version table is where it was before its vote, or where the vote takes it. */
  readonly heads: 'before' | 'after' | null
}

/** Puts together what the status of a transaction and the version table say. */
export function judgeVoter({ isPrepared, isAbsent, status, heads }: VoterEvidence): VoterState {
  if (isPrepared) return 'prepared'
  if (isAbsent) return 'absent'
  if (status === 'in progress') return 'running'
  const byStatus = status === 'committed' ? 'committed' : status === 'aborted' ? 'undone' : null
  const byHeads = heads === 'after' ? 'committed' : heads === 'before' ? 'undone' : null
  // A server that lost its last transactions gives their ids to others: alone, a status proves little.
  if (byStatus !== null && byHeads !== null && byStatus !== byHeads) return 'unknown'
  return byHeads ?? byStatus ?? 'unknown'
}
