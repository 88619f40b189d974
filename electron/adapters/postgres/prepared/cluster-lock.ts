import type { AcquiredLock, HeldLock } from '../../../engine/ports/servers.ts'
import { pause, throwIfAborted } from '../../../lib/throw-if-aborted.ts'
import type { OpenedClient } from '../session/database-client.ts'
import { openClient } from '../session/open-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { readRunLockHolder, touchSession, tryRunLock } from './lock-queries.ts'

const pollMs = 50
const heartbeatMs = 3000

/**
 * Takes the cluster's run lock: an advisory lock in the maintenance database, on a session of its own outside any transaction.
 *
 * Polls for a moment, because the session of a process that was just killed may still be ending.
 */
export async function acquireClusterLock(
  settings: ServerSettings,
  owner: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<AcquiredLock | HeldLock> {
  throwIfAborted(signal)
  const options = { applicationName: owner, statementTimeoutMs: heartbeatMs }
  // The lock outlives the signal: its holder releases it, also after a cancellation.
  const client = await openClient(
    settings,
    settings.maintenanceDatabase,
    options,
    new AbortController().signal,
  )
  try {
    const deadline = Date.now() + timeoutMs
    while (!(await tryRunLock(client))) {
      if (Date.now() >= deadline) {
        const holder = await readRunLockHolder(client)
        await client.close()
        return { acquired: false, holder: holder ?? 'a session that has just ended' }
      }
      await pause(pollMs, signal)
    }
  } catch (error) {
    await client.close()
    throw error
  }
  return keepLock(client)
}

/** Who has the cluster's run lock now, without asking for it. */
export async function readLockHolder(settings: ServerSettings, signal: AbortSignal): Promise<string | null> {
  const options = { applicationName: 'lockstep lock', statementTimeoutMs: 10_000 }
  return withClient(settings, settings.maintenanceDatabase, options, readRunLockHolder, signal)
}

/** A connection can die without a sign; a heartbeat notices within two beats. */
function keepLock(client: OpenedClient): AcquiredLock {
  let held = true
  let answered = true
  const beat = () => {
    if (!answered) held = false
    answered = false
    touchSession(client).then(
      () => {
        answered = true
      },
      () => {
        held = false
      },
    )
  }
  const timer = setInterval(beat, heartbeatMs)
  timer.unref()
  return {
    acquired: true,
    isHeld: () => held && client.isAlive(),
    async release() {
      held = false
      clearInterval(timer)
      // The lock ends with its session.
      await client.close()
    },
  }
}
