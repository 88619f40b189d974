import { formatBytes, formatDuration } from '../../../../shared/text/plain-words.ts'
import type { ServerObservation, StandbyState } from '../../../../shared/topology/topology.ts'
import type { GateSettings } from '../../../settings/policy.ts'
import type { Finding } from '../../checks/finding.ts'

/** How much later than its delay a delayed standby may be: WAL is replayed commit by commit. */
const toleranceSeconds = 60
/** An archive gets WAL by whole segments. */
const segmentBytes = 16_777_216

/** A standby that cannot show a commit before the deadline of a run, and is not declared so: null for any other. */
export function judgeSecretDelay(standby: ServerObservation, deadlineSeconds: number): Finding | null {
  const { server, replication: state, declaredReplay } = standby
  const delayMs = state?.applyDelayMs ?? 0
  if (declaredReplay !== undefined || delayMs < deadlineSeconds * 1_000) return null
  return failed(
    server,
    `applies WAL ${formatDuration(delayMs)} late by its own setting (recovery_min_apply_delay): it cannot show a commit within ${deadlineSeconds} s`,
    `Declare it in lockstep.yml (replay: delayed), take ${server} out, or set its recovery_min_apply_delay to 0.`,
  )
}

/** Whether a standby looks as if it took its WAL from an archive only: it has no receiver, and never had one since it was started. */
export function looksArchiveOnly({ declaredReplay, replication }: ServerObservation): boolean {
  if (declaredReplay !== undefined || !replication) return false
  return replication.hasReceiver === false && replication.receivedLsn === null
}

/** Judges what a delayed standby promises: that it has the WAL, and replays it as late as its delay and no later. */
export function judgeDelayed(server: string, state: StandbyState, maxBytes: number): Finding {
  const { applyDelayMs = 0, missingBytes = null } = state
  const delay = `delayed by ${formatDuration(applyDelayMs)} as declared`
  if (missingBytes === null) return unknown(server, `${delay}; it is not known what it has received`)
  if (missingBytes > maxBytes) {
    return failed(
      server,
      `${delay}, and has not received the last ${formatBytes(missingBytes)}`,
      `Look at the log of ${server} and at its connection to the primary.`,
    )
  }
  const received =
    missingBytes === 0 ? 'it has received everything' : `${formatBytes(missingBytes)} not received yet`
  return judgeAge(server, state, applyDelayMs, `${delay}; ${received}`)
}

/** A pending commit is as old as the delay at most; while replay waits for the delay it is exactly where it should be. */
function judgeAge(server: string, state: StandbyState, applyDelayMs: number, fact: string): Finding {
  const { isDelaying = null, receivedLsn, replayedLsn, replayedSecondsAgo = null } = state
  const isIdle = receivedLsn === replayedLsn
  const isRecent =
    replayedSecondsAgo !== null && replayedSecondsAgo * 1_000 <= applyDelayMs + toleranceSeconds * 1_000
  if (isDelaying === true || isIdle || isRecent) return passed(server, fact)
  if (isDelaying === null) {
    return {
      ...unknown(server, `${fact}; whether it replays what is due is not known`),
      remedy: 'grant pg_monitor to the login of the server.',
    }
  }
  const age =
    replayedSecondsAgo === null ? 'nothing' : `nothing for ${formatDuration(replayedSecondsAgo * 1_000)}`
  return failed(
    server,
    `${fact}; it has replayed ${age}, later than its delay`,
    `Look for long queries on ${server}, and at its log.`,
  )
}

/** Judges a standby that takes its WAL from an archive: it lacks a segment at most, or has replayed a commit lately. */
export function judgeArchived(
  server: string,
  { lagBytes, replayedSecondsAgo = null }: StandbyState,
  { maxBytes, maxArchiveSeconds }: GateSettings['replica_lag'],
): Finding {
  const bytes = lagBytes === null ? 'an unknown number of bytes' : formatBytes(lagBytes)
  const age =
    replayedSecondsAgo === null
      ? 'no commit replayed yet'
      : `last commit replayed ${formatDuration(replayedSecondsAgo * 1_000)} ago`
  const fact = `takes its WAL from an archive as declared; ${bytes} behind, ${age}`
  const isNear = lagBytes !== null && lagBytes <= maxBytes + segmentBytes
  const isRecent = replayedSecondsAgo !== null && replayedSecondsAgo <= maxArchiveSeconds
  if (isNear || isRecent) return passed(server, fact)
  if (lagBytes === null && replayedSecondsAgo === null) return unknown(server, fact)
  return failed(
    server,
    fact,
    `Look at archive_command of the primary and restore_command of ${server}, or raise gates.replica_lag.maxArchiveSeconds.`,
  )
}

function passed(server: string, fact: string): Finding {
  return { verdict: 'passed', evidence: { server, fact }, remedy: '' }
}

function failed(server: string, fact: string, remedy: string): Finding {
  return { verdict: 'failed', evidence: { server, fact }, remedy }
}

function unknown(server: string, fact: string): Finding {
  return { verdict: 'inconclusive', evidence: { server, fact }, remedy: 'lockstep doctor' }
}
