import { LockstepError } from '../../../shared/failure/failure.ts'
import { exitCodeOf } from '../../../shared/run/outcome.ts'
import type { RunEnd } from '../context/run-end.ts'
import { endingOf, listPhases, runPhases } from '../phases/run-phases.ts'
import type { EventReader } from '../recording/recorder.ts'
import { continueHeld } from './continue-fleet.ts'
import {
  type AskedRecovery,
  discoverOnRecord,
  endWhereSettled,
  type RecoverRequest,
  type RecoveryPorts,
  readLog,
  recoveryLocks,
  refuseAlive,
  refuseOnDamage,
  reopenedLog,
} from './open-recovery.ts'
import { endRecovery, findPositions, proveOthers, proveUndone, verifyMigrated } from './prove-recovery.ts'
import { beginRecovery, settleVotesOnRecord } from './settle-run.ts'

/**
 * The recovery of a run, from its first phase to its last: forward where a decision to commit is on record, back everywhere
 * else. What it finds wrong once it settles ends nothing; `endRecovery` names the worst of it.
 */
const recovery = listPhases<AskedRecovery>()
  .step(refuseAlive)
  .step(readLog)
  .step(discoverOnRecord)
  .step(refuseOnDamage)
  .step(endWhereSettled)
  .holding(reopenedLog)
  .holding(recoveryLocks)
  .step(beginRecovery)
  .phase(settleVotesOnRecord)
  .step(continueHeld)
  .step(findPositions)
  .step(proveOthers)
  .step(verifyMigrated)
  .step(proveUndone)
  .step(endRecovery)

/**
 * Settles a run that did not come to its end. Throws where it cannot be settled here and now.
 *
 * A pure function of the log and the database, so it may itself be interrupted and started again.
 */
export async function recoverRun(
  { config, runId }: RecoverRequest,
  ports: RecoveryPorts,
  readers: readonly EventReader[],
  signal: AbortSignal,
): Promise<RunEnd> {
  const end = await runPhases(recovery, { config, runId, ports, readers, signal })
  const ending = endingOf(end, failure => {
    throw new LockstepError(failure)
  })
  return { runId, exitCode: exitCodeOf(ending.outcome), ...ending }
}
