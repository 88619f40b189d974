import { type Failure, LockstepError, toFailure } from '../../../../shared/failure/failure.ts'
import type { ReplayResult, ReplayTarget } from '../../../engine/ports/servers.ts'
import { pause } from '../../../lib/throw-if-aborted.ts'
import { withDeadline } from '../../../lib/with-deadline.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { countMissingBytes } from './lsn.ts'
import { readServerIdentity, type ServerIdentity } from './server-queries.ts'

const pollMs = 4
const retryMs = 100
/** How long a standby may refuse connections, so that a restart is not taken for an outage. */
const unreachableMs = 2000
/** How long past the deadline an answer may take: a machine that stands still takes connections, and says nothing. */
const silentMs = 2000

/**
 * Waits until a standby has replayed a position, or has received it where it is declared to replay late.
 *
 * A standby that cannot become right by waiting fails at once: one that is none, that belongs to another cluster
 * or another history, or whose replay is paused. A receiver that reconnects is waited for.
 */
export async function waitForReplay(
  settings: ServerSettings,
  target: ReplayTarget,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<ReplayResult> {
  return withDeadline(signal, deadlineMs + silentMs, answering =>
    waitWhileAnswering(settings, target, deadlineMs, { signal, answering }),
  )
}

async function waitWhileAnswering(
  settings: ServerSettings,
  target: ReplayTarget,
  deadlineMs: number,
  { signal, answering }: { readonly signal: AbortSignal; readonly answering: AbortSignal },
): Promise<ReplayResult> {
  const started = performance.now()
  const waitedMs = () => Math.round(performance.now() - started)
  let seen: ServerIdentity | null = null
  let lostAtMs: number | null = null
  const end = (failure: Failure | null): ReplayResult => ({
    caughtUp: failure === null,
    waitedMs: waitedMs(),
    replayedLsn: seen?.replayedLsn ?? null,
    lagBytes: measureLag(seen, target),
    failure,
  })
  const poll = async (read: () => Promise<ServerIdentity>): Promise<ReplayResult> => {
    for (;;) {
      seen = await read()
      lostAtMs = null
      const distrust = findDistrust(seen, target)
      if (distrust !== null) return end(behind(settings, distrust))
      const missing =
        settings.declaredReplay === 'delayed' ? findUnreceived(seen, target) : findMissing(seen, target)
      if (missing === null) return end(null)
      if (waitedMs() >= deadlineMs) return end(behind(settings, `${missing} after ${seconds(deadlineMs)}`))
      await pause(pollMs, answering)
    }
  }
  for (;;) {
    try {
      const options = { applicationName: 'lockstep replay', statementTimeoutMs: 5000 }
      const use = (client: Parameters<typeof readServerIdentity>[0]) => poll(() => readServerIdentity(client))
      return await withClient(settings, settings.maintenanceDatabase, options, use, answering)
    } catch (error) {
      if (answering.aborted && !signal.aborted)
        return end(behind(settings, `does not answer within ${seconds(deadlineMs)}`))
      if (!isConnectionTrouble(error)) throw error
      lostAtMs ??= waitedMs()
      const isOver = waitedMs() >= deadlineMs || waitedMs() - lostAtMs >= unreachableMs
      if (isOver && !(isStarting(error) && waitedMs() < deadlineMs)) return end(toFailure(error))
      await pause(retryMs, signal)
    }
  }
}

/** What waiting will not mend; null when there is nothing. */
function findDistrust(standby: ServerIdentity, target: ReplayTarget): string | null {
  if (standby.systemIdentifier !== target.systemIdentifier) {
    return `belongs to another cluster: its system identifier is ${standby.systemIdentifier}, the primary's is ${target.systemIdentifier}`
  }
  if (!standby.inRecovery) return 'is not a standby: it is not in recovery'
  if (standby.timeline > target.timeline) {
    return `is on timeline ${standby.timeline}, the primary on ${target.timeline}`
  }
  if (standby.replayPause !== 'not paused') return `does not replay: replay is ${standby.replayPause}`
  return null
}

/** What is still to come; null when the standby has caught up. */
function findMissing(standby: ServerIdentity, target: ReplayTarget): string | null {
  if (standby.replayedLsn === null) return 'has replayed nothing'
  const bytes = countMissingBytes(target.lsn, standby.replayedLsn)
  if (standby.receiver !== 'streaming') {
    const receiver = standby.receiver === null ? 'it has none' : `it is ${standby.receiver}`
    return `has no streaming WAL receiver (${receiver}), ${bytes} bytes behind`
  }
  if (standby.timeline !== target.timeline) {
    return `is on timeline ${standby.timeline}, the primary on ${target.timeline}`
  }
  return bytes > 0 ? `is ${bytes} bytes behind` : null
}

/** A standby that replays late on purpose promises that it has what it will replay; null when it has. */
function findUnreceived(standby: ServerIdentity, target: ReplayTarget): string | null {
  if (standby.receivedLsn === null) return 'has received nothing'
  const bytes = countMissingBytes(target.lsn, standby.receivedLsn)
  return bytes > 0 ? `has not received the last ${bytes} bytes` : null
}

function measureLag(standby: ServerIdentity | null, target: ReplayTarget): number | null {
  if (standby?.replayedLsn == null || standby.systemIdentifier !== target.systemIdentifier) return null
  return countMissingBytes(target.lsn, standby.replayedLsn)
}

function behind(settings: ServerSettings, problem: string): Failure {
  return { kind: 'replica_behind', server: settings.name, problem }
}

function isConnectionTrouble(error: unknown): boolean {
  if (!(error instanceof LockstepError)) return false
  return error.failure.kind === 'server_unreachable' || error.failure.kind === 'connection_lost'
}

function isStarting(error: unknown): boolean {
  if (!(error instanceof LockstepError)) return false
  return error.failure.kind === 'server_unreachable' && error.failure.code === '57P03'
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
