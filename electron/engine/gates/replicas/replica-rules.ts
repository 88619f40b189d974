import { formatDuration } from '../../../../shared/text/plain-words.ts'
import type { ServerObservation, StandbyState } from '../../../../shared/topology/topology.ts'
import type { GateSettings } from '../../../settings/policy.ts'
import type { Finding } from '../../checks/finding.ts'
import { nameFailure } from '../../checks/name-failure.ts'
import {
  judgeArchived,
  judgeDelayed,
  judgeSecretDelay,
  looksArchiveOnly,
  type WaitsForStandbys,
} from './replay-promises.ts'

/** A finding about a standby, and whether looking again a moment later could change it. */
export interface JudgedStandby {
  readonly finding: Finding
  readonly mayRecover: boolean
}

/** What is wrong with a declared primary; null when nothing is. */
export function judgePrimary(primary: ServerObservation): Finding | null {
  const { server } = primary
  if (primary.role === 'unreachable')
    return failed(server, 'the primary cannot be reached', 'lockstep doctor')
  if (primary.role === 'standby') {
    return failed(
      server,
      'is declared as the primary, but it is a standby (in recovery)',
      `Correct the role of ${server} in lockstep.yml, or find out who promoted another server.`,
    )
  }
  return null
}

/** Judges one standby against its primary: there, of this cluster, following, and close. */
export function judgeStandby(
  standby: ServerObservation,
  primary: ServerObservation,
  limits: GateSettings['replica_lag'],
  waits: WaitsForStandbys,
): JudgedStandby {
  const stranger = judgeIdentity(standby, primary) ?? judgeSecretDelay(standby, waits)
  if (stranger) return { finding: stranger, mayRecover: false }
  const { finding, mayRecover } = judgeReplay(standby, primary, limits)
  // Waiting for it after the commits would be in vain.
  if (looksArchiveOnly(standby)) return { finding, mayRecover }
  if (limits.requireStandbys || finding.verdict === 'passed') return { finding, mayRecover }
  return { finding: { ...finding, verdict: 'warned' }, mayRecover }
}

/** A server that is not this primary's standby is wrong whatever the limits say. */
function judgeIdentity(standby: ServerObservation, primary: ServerObservation): Finding | null {
  const { server } = standby
  if (standby.role === 'unreachable') return null
  if (
    standby.systemIdentifier !== null &&
    primary.systemIdentifier !== null &&
    standby.systemIdentifier !== primary.systemIdentifier
  ) {
    return failed(
      server,
      `belongs to another cluster: its system identifier is ${standby.systemIdentifier}, and that of ${primary.server}, the primary, is ${primary.systemIdentifier}`,
      `Correct host and port of ${server} in lockstep.yml, or take it out.`,
    )
  }
  if (standby.role === 'primary') {
    return failed(
      server,
      'is declared as a standby, but it is a primary (not in recovery)',
      `Find out who promoted ${server}; rebuild it as a standby of ${primary.server}, or take it out of lockstep.yml.`,
    )
  }
  if (standby.systemIdentifier === null || primary.systemIdentifier === null) {
    return {
      verdict: 'inconclusive',
      evidence: { server, fact: 'its system identifier could not be read, so its cluster is not proven' },
      remedy: 'grant execute on function pg_catalog.pg_control_system() to public;',
    }
  }
  return null
}

function judgeReplay(
  standby: ServerObservation,
  primary: ServerObservation,
  limits: GateSettings['replica_lag'],
): JudgedStandby {
  const { server, replication: state, declaredReplay } = standby
  const { maxBytes } = limits
  if (standby.role === 'unreachable') {
    const fact = standby.failure ? nameFailure(standby.failure) : 'cannot be reached'
    return lasting(failed(server, fact, `Start ${server}, or correct its address; lockstep doctor`))
  }
  if (!state) return lasting(unknown(server, 'its replication state could not be read'))
  if (state.replayPause !== 'not paused') {
    return lasting(
      failed(
        server,
        `replay is ${describePause(state)}; ${describeLag(state)}`,
        `On ${server}: select pg_wal_replay_resume();`,
      ),
    )
  }
  if (declaredReplay === 'archive') return lasting(judgeArchived(server, state, limits))
  if (state.receiver !== 'streaming') {
    const fact = `its receiver is ${state.receiver ?? 'missing'}, not streaming; ${describeLag(state)}`
    const remedy = looksArchiveOnly(standby)
      ? `If ${server} takes its WAL from an archive on purpose, declare it in lockstep.yml (replay: archive); otherwise check its primary_conninfo and its log.`
      : `Check primary_conninfo and the log of ${server}; the login needs pg_monitor to see a receiver.`
    return passing(failed(server, fact, remedy))
  }
  if (standby.timeline === null || primary.timeline === null) {
    return passing(unknown(server, 'its timeline could not be read'))
  }
  if (standby.timeline !== primary.timeline) {
    const fact = `is on timeline ${standby.timeline}, and ${primary.server}, the primary, is on timeline ${primary.timeline}`
    return passing(
      failed(server, fact, `Rebuild ${server} as a standby of ${primary.server}, or run pg_rewind.`),
    )
  }
  if (declaredReplay === 'delayed') return passing(judgeDelayed(server, state, maxBytes))
  if (state.lagBytes === null) return passing(unknown(server, `streaming; ${describeLag(state)}`))
  const finding = failed(
    server,
    `streaming; ${describeLag(state)}`,
    `Wait until ${server} has caught up; look for long queries there: select pid, state, xact_start from pg_stat_activity order by xact_start;`,
  )
  if (state.lagBytes > maxBytes) return passing(finding)
  return lasting({ ...finding, verdict: 'passed', remedy: '' })
}

/** Bytes, seconds and state together: none of them says enough alone. */
function describeLag({ lagBytes, lagSeconds, applyDelayMs = 0 }: StandbyState): string {
  const bytes = lagBytes === null ? 'an unknown number of bytes' : `${lagBytes} bytes`
  const seconds =
    lagSeconds === null ? 'no commit to measure' : `last commit replayed ${round(lagSeconds)} s ago`
  const delay = applyDelayMs > 0 ? `; each group waits ${formatDuration(applyDelayMs)} for its delay` : ''
  return `${bytes} behind, ${seconds}${delay}`
}

function describePause({ replayPause }: StandbyState): string {
  return replayPause === 'pause requested' ? 'about to pause' : replayPause
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10
}

function failed(server: string, fact: string, remedy: string): Finding {
  return { verdict: 'failed', evidence: { server, fact }, remedy }
}

function unknown(server: string, fact: string): Finding {
  return { verdict: 'inconclusive', evidence: { server, fact }, remedy: 'lockstep doctor' }
}

function lasting(finding: Finding): JudgedStandby {
  return { finding, mayRecover: false }
}

function passing(finding: Finding): JudgedStandby {
  return { finding, mayRecover: true }
}
