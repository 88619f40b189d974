import { setTimeout as delay } from 'node:timers/promises'
import { deadlineSignal } from '../../../lib/with-deadline.ts'
import type { ServerSettings } from './server-settings.ts'
import { cancelBackend, readBackendState } from './session-queries.ts'
import { withClient } from './with-client.ts'

const options = { applicationName: 'lockstep sessions', statementTimeoutMs: 5000, isUrgent: true }
const pollMs = 20

/** Cancels what a backend is running, from another connection. */
export async function cancelSession(
  settings: ServerSettings,
  backendPid: number,
  signal: AbortSignal,
): Promise<void> {
  const use = (client: Parameters<typeof cancelBackend>[0]) => cancelBackend(client, backendPid)
  await withClient(settings, settings.maintenanceDatabase, options, use, signal)
}

/** Waits until a backend is gone or idle outside a transaction; false when the deadline came first. */
export async function waitUntilSessionGone(
  settings: ServerSettings,
  backendPid: number,
  deadlineMs: number,
): Promise<boolean> {
  const deadline = Date.now() + deadlineMs
  while (Date.now() < deadline) {
    try {
      if (await watchUntilGone(settings, backendPid, deadline)) return true
    } catch {
      // A server that restarts ends its sessions: it is asked again when it answers.
      await delay(pollMs)
    }
  }
  return false
}

async function watchUntilGone(settings: ServerSettings, backendPid: number, deadline: number) {
  const signal = deadlineSignal(Math.max(1, deadline - Date.now()))
  return await withClient(
    settings,
    settings.maintenanceDatabase,
    options,
    async client => {
      for (;;) {
        const state = await readBackendState(client, backendPid)
        if (state === null || state === 'idle') return true
        if (Date.now() + pollMs > deadline) return false
        await delay(pollMs)
      }
    },
    signal,
  )
}
