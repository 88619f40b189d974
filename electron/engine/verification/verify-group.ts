import { type Failure, LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { askInTime } from '../hooks/ask-groups.ts'
import type { AskHooks, HooksAround, NothingMore, Phase, PhaseEnd } from '../phases/phase.ts'
import { type GroupTurn, heldTooLong, remainingVoteMs } from '../voting/pending-votes.ts'
import { compareReplicaSchemas, describeReplicas } from './check-replicas.ts'
import { runSmokeTests } from './run-smoke-tests.ts'

/** Schemas as the comparison with the standbys has read them, for the tests that follow. */
interface ReadSchemas {
  readonly fingerprints: ReadonlyMap<string, string>
}

const askHeld: AskHooks<GroupTurn> = (turn, place) =>
  askInTime(turn, place, remainingVoteMs(turn, turn.pending.values()), heldTooLong(turn))

/** Around what follows a commit: hooks have no longer than further groups may be held prepared, and an interruption does not stop them. */
export const inTime: Required<HooksAround<GroupTurn>> = { before: askHeld, after: askHeld }

/** Waits until every standby has what a committed group has; what fails here cannot be undone by the vote any more. */
export const followReplicas: Phase<GroupTurn, ReadSchemas> = {
  name: 'replica_sync_validation',
  hooks: inTime,
  work: turn =>
    beforeHeldTooLong(turn, async signal => {
      const { failures, fingerprints } = await compareReplicaSchemas(turn, turn.group, signal)
      const message = describeReplicas(turn.topology, turn.group, failures)
      const [failure] = failures
      return failure
        ? { status: 'failed', message, failure }
        : { status: 'success', message, found: { fingerprints } }
    }),
}

/** Runs the smoke tests of a committed group. */
export const testGroup: Phase<GroupTurn & ReadSchemas, NothingMore> = {
  name: 'smoke_test',
  hooks: inTime,
  work: turn =>
    beforeHeldTooLong(turn, async signal => {
      const failure = await runSmokeTests(turn, turn.group, turn.fingerprints, signal)
      return failure
        ? { status: 'failed', message: 'a smoke test did not pass', failure }
        : { status: 'success', message: 'every smoke test passed', found: {} }
    }),
}

/** While further groups are prepared, work has no longer than they may be held; what comes of that is said as such. */
async function beforeHeldTooLong<Adds>(
  turn: GroupTurn,
  work: (signal: AbortSignal) => Promise<PhaseEnd<Adds>>,
): Promise<PhaseEnd<Adds>> {
  const ownMs = (turn.config.execution.replicaDeadlineSeconds + 300) * 1_000
  const leftMs = Math.max(0, remainingVoteMs(turn, turn.pending.values()))
  const signal = deadlineSignal(Math.ceil(Math.min(ownMs, leftMs)))
  const explain = (failure: Failure): Failure =>
    signal.aborted && leftMs < ownMs ? heldTooLong(turn) : failure
  const end = await work(signal).catch((error: unknown) => {
    throw new LockstepError(explain(toFailure(error)))
  })
  return 'failure' in end ? { ...end, failure: explain(end.failure) } : end
}
