import { throwIfAborted } from '../../../lib/throw-if-aborted.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { selectSystemIdentifier } from './server-queries.ts'

/** Asks each server once which cluster it belongs to; null from one that does not say. */
export function createServerIdentifier(): (
  settings: ServerSettings,
  signal: AbortSignal,
) => Promise<string | null> {
  const known = new Map<string, string>()
  return async (settings, signal) => {
    const address = `${settings.name} ${settings.host}:${settings.port}`
    const before = known.get(address)
    if (before !== undefined) return before
    const found = await identify(settings, signal)
    if (found !== null) known.set(address, found)
    return found
  }
}

async function identify(settings: ServerSettings, signal: AbortSignal): Promise<string | null> {
  try {
    const options = { applicationName: 'lockstep', statementTimeoutMs: 5_000 }
    return await withClient(settings, settings.maintenanceDatabase, options, selectSystemIdentifier, signal)
  } catch {
    throwIfAborted(signal)
    // The migration's own connection tells what is wrong with the server.
    return null
  }
}
