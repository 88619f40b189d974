import type { Plan } from '../../../../shared/plan/plan.ts'
import { formatBytes, formatDuration } from '../../../../shared/text/plain-words.ts'
import type { ServerObservation, StandbyState } from '../../../../shared/topology/topology.ts'
import { isLateOnPurpose } from '../../../discovery/suggest-replay.ts'
import type { ExecutionSettings, GateSettings } from '../../../settings/policy.ts'
import type { Finding } from '../../checks/finding.ts'

/** How much later than its delay a delayed standby may be: WAL is replayed commit by commit. */
const toleranceSeconds = 60
/** An archive gets WAL by whole segments. */
const segmentBytes = 16_777_216

/** How a plan waits for standbys: after each of its groups, and with how many of them still to come, prepared. */
export interface WaitsForStandbys {
  readonly groups: number
  /** Groups whose votes are cast together, and that commit one after the other. */
  readonly heldGroups: number
  readonly voteDeadlineSeconds: number
}

/** How often a plan waits for its standbys, and with what in hand. */
export function countWaits(
  { groups, vote }: Pick<Plan, 'groups' | 'vote'>,
  { voteDeadlineSeconds }: Pick<ExecutionSettings, 'voteDeadlineSeconds'>,
): WaitsForStandbys {
  const atomic = groups.filter(group => group.mode === 'atomic').length
  return { groups: groups.length, heldGroups: vote === 'fleet' ? atomic : 0, voteDeadlineSeconds }
}

/** A standby that is late on purpose, and is not declared so: null for any other. Without a plan (null) its waits are not counted. */
export function judgeSecretDelay(standby: ServerObservation, waits: WaitsForStandbys | null): Finding | null {
  const { server, replication: state, declaredReplay } = standby
  if (!state || declaredReplay !== undefined || !isLateOnPurpose(state)) return null
  const { applyDelayMs = 0 } = state
  const kind = looksArchiveOnly(standby)
    ? 'replay: delayed (replay: archive if it takes its WAL from an archive only)'
    : 'replay: delayed'
  return failed(
    server,
    `applies WAL ${formatDuration(applyDelayMs)} late by its own setting (recovery_min_apply_delay): ${describeWaits(applyDelayMs, waits)}`,
    `In lockstep.yml, add to the server ${server}: ${kind}. Or take it out, or on it: alter system set recovery_min_apply_delay = 0; select pg_reload_conf();`,
  )
}

/** What the delay would cost: locks are held by the groups that come after those which are waited for. */
function describeWaits(delayMs: number, waits: WaitsForStandbys | null): string {
  const each = 'a run would wait so long for it after each group'
  if (waits === null) return each
  if (waits.heldGroups < 2) return `${each}, ${formatDuration(delayMs * waits.groups)} in all`
  const heldMs = delayMs * (waits.heldGroups - 1)
  return `${each}, and the last of ${waits.heldGroups} groups would hold its locks for ${formatDuration(heldMs)} (voteDeadlineSeconds: ${waits.voteDeadlineSeconds})`
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
  { lagBytes, replayedSecondsAgo = null, applyDelayMs = 0 }: StandbyState,
  { maxBytes, maxArchiveSeconds }: GateSettings['replica_lag'],
): Finding {
  const bytes = lagBytes === null ? 'an unknown number of bytes' : formatBytes(lagBytes)
  const age =
    replayedSecondsAgo === null
      ? 'no commit replayed yet'
      : `last commit replayed ${formatDuration(replayedSecondsAgo * 1_000)} ago`
  const fact = `takes its WAL from an archive as declared; ${bytes} behind, ${age}`
  const isNear = lagBytes !== null && lagBytes <= maxBytes + segmentBytes
  const isRecent =
    replayedSecondsAgo !== null && replayedSecondsAgo <= maxArchiveSeconds + applyDelayMs / 1_000
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
