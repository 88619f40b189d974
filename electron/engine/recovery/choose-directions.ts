import type { VoterState } from './judge-voter.ts'

/**
 * What happens to the votes that a dead run has left of a group.
 *
 * - `forward`, `back`: they are committed, or rolled back.
 * - `continue`: the whole fleet had voted yes and its first group was decided on: this group is decided on in its turn.
 * - `unknown`: whatever is done could tear the group apart, so that its votes stay and a person is told.
 */
export type Direction = 'forward' | 'back' | 'continue' | 'unknown'

/** A group that votes: the last decision on record, and its voters. */
export interface GroupEvidence {
  readonly group: string
  readonly decision: 'commit' | 'rollback' | null
  readonly voters: readonly VoterState[]
}

/** Everything that the fate of the votes follows from. */
export interface FleetEvidence {
  /** Whether every tenant votes before the first group is decided on. */
  readonly vote: 'fleet' | 'group'
  /** Whether the run had a reason to stop: it was interrupted, had ended, or had found something wrong. */
  readonly isStopped: boolean
  /** Whether the record may have said more than can be read. */
  readonly isRecordDamaged: boolean
  /** In the order in which they are decided on. */
  readonly groups: readonly GroupEvidence[]
}

/** Chooses for every group what happens to its votes: a pure function of the record and of what the databases say. */
export function chooseDirections(fleet: FleetEvidence): ReadonlyMap<string, Direction> {
  const chosen = fleet.groups.map(
    evidence => [evidence, fleet.isRecordDamaged ? followMembers(evidence) : chooseAlone(evidence)] as const,
  )
  const mayContinue =
    fleet.vote === 'fleet' &&
    !fleet.isStopped &&
    chosen.some(([, direction]) => direction === 'forward') &&
    chosen.every(([evidence, direction]) => isWhole(evidence, direction))
  return new Map(
    chosen.map(([{ group }, direction]) => [
      group,
      mayContinue && direction === 'back' ? ('continue' as const) : direction,
    ]),
  )
}

/**
 * The direction of a group by what is known of it alone. A decision that is on record was made with every vote in.
 *
 * A decision whose write failed may be on disk all the same; its run then rolled back. So where nobody has committed
 * and a vote is gone, the rest is rolled back as well. And the end of a log may be lost: a member that has committed is a
 * decision to commit, whatever the log says. Who cannot be asked may have committed.
 */
function chooseAlone({ decision, voters: all }: GroupEvidence): Direction {
  const voters = all.filter(voter => voter !== 'absent')
  const isUncertain = voters.includes('unknown')
  if (voters.includes('committed')) {
    if (decision === 'commit') return 'forward'
    // Someone else has committed a member of a group that this run gave up: nothing here says what they want.
    if (decision === 'rollback') return 'unknown'
    return voters.every(voter => voter === 'committed' || voter === 'prepared') ? 'forward' : 'unknown'
  }
  if (decision === 'commit') {
    if (voters.every(voter => voter === 'prepared')) return 'forward'
    return isUncertain || voters.includes('running') ? 'unknown' : 'back'
  }
  return decision === null && isUncertain ? 'unknown' : 'back'
}

/** Where the record cannot be trusted, only a member that has committed decides for the others. */
function followMembers({ voters: all }: GroupEvidence): Direction {
  const voters = all.filter(voter => voter !== 'absent')
  const isForward =
    voters.includes('committed') && voters.every(voter => voter === 'committed' || voter === 'prepared')
  return isForward ? 'forward' : 'unknown'
}

/** Whether no member of a group is missing: all of it is committed, or can be. */
function isWhole({ decision, voters: all }: GroupEvidence, direction: Direction): boolean {
  const voters = all.filter(voter => voter !== 'absent')
  if (direction === 'forward') return voters.every(voter => voter === 'committed' || voter === 'prepared')
  return direction === 'back' && decision === null && voters.every(voter => voter === 'prepared')
}
