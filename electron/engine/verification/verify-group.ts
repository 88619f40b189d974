import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import type { PhaseName } from '../../../shared/run/phase.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { withPhase } from '../context/with-phase.ts'
import { askInTime } from '../hooks/ask-groups.ts'
import type { GroupVote } from '../voting/collect-votes.ts'
import { compareReplicas, describeReplicas } from './check-replicas.ts'
import { runSmokeTests } from './run-smoke-tests.ts'

/**
 * Replicas, smoke tests and hooks of a committed group; what fails here cannot be undone by the vote any more.
 * While further groups are prepared it has no longer than they may be held.
 */
export async function verifyGroup(
  context: ExecutionContext,
  group: PlannedGroup,
  held: readonly GroupVote[],
): Promise<Failure | null> {
  const ask = (moment: 'before' | 'after', phase: PhaseName): Promise<Failure | null> =>
    askInTime(context, { moment, phase, group: group.name }, patienceMs(context, held), heldTooLong(context))
  const fingerprints = new Map<string, string>()
  return (
    (await ask('after', 'migration_execution')) ??
    (await ask('before', 'replica_sync_validation')) ??
    (await inTime(context, held, signal => followReplicas(context, group, fingerprints, signal))) ??
    (await ask('after', 'replica_sync_validation')) ??
    (await ask('before', 'smoke_test')) ??
    (await inTime(context, held, signal => testGroup(context, group, fingerprints, signal))) ??
    (await ask('after', 'smoke_test'))
  )
}

/** Milliseconds until the oldest of these votes has been held for as long as readers may be kept waiting; infinite without votes. */
export function patienceMs({ clock, config }: ExecutionContext, votes: readonly GroupVote[]): number {
  const since = votes.flatMap(vote => (vote.heldSinceMs === null ? [] : [vote.heldSinceMs]))
  return Math.min(...since) + config.execution.voteDeadlineSeconds * 1_000 - clock.monotonicMs()
}

/** What is said when prepared tenants were held for too long. */
export function heldTooLong({ config }: ExecutionContext): Failure {
  const seconds = config.execution.voteDeadlineSeconds
  return { kind: 'deadline_passed', waitingFor: 'the decision on prepared tenants', seconds }
}

async function inTime(
  context: ExecutionContext,
  held: readonly GroupVote[],
  work: (signal: AbortSignal) => Promise<Failure | null>,
): Promise<Failure | null> {
  const ownMs = (context.config.execution.replicaDeadlineSeconds + 300) * 1_000
  const leftMs = Math.max(0, patienceMs(context, held))
  const signal = deadlineSignal(Math.ceil(Math.min(ownMs, leftMs)))
  try {
    const failure = await work(signal)
    return failure && signal.aborted && leftMs < ownMs ? heldTooLong(context) : failure
  } catch (error) {
    return signal.aborted && leftMs < ownMs ? heldTooLong(context) : toFailure(error)
  }
}

/** Puts the schemas that it reads into `fingerprints`, for the tests that follow. */
function followReplicas(
  context: ExecutionContext,
  group: PlannedGroup,
  fingerprints: Map<string, string>,
  signal: AbortSignal,
): Promise<Failure | null> {
  return withPhase(context, 'replica_sync_validation', group.name, async () => {
    const { failures, fingerprints: read } = await compareReplicas(context, group, signal)
    for (const [tenant, fingerprint] of read) fingerprints.set(tenant, fingerprint)
    const message = describeReplicas(context.topology, group, failures)
    return { status: failures.length === 0 ? 'success' : 'failed', message, value: failures[0] ?? null }
  })
}

function testGroup(
  context: ExecutionContext,
  group: PlannedGroup,
  fingerprints: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Failure | null> {
  return withPhase(context, 'smoke_test', group.name, async () => {
    const failure = await runSmokeTests(context, group, fingerprints, signal)
    return {
      status: failure ? 'failed' : 'success',
      message: failure ? 'a smoke test did not pass' : 'every smoke test passed',
      value: failure,
    }
  })
}
