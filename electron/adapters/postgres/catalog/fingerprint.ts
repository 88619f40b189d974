import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { Fingerprint } from '../../../engine/ports/servers.ts'
import { sqlStateOf } from '../session/map-error.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import {
  fingerprintSettings,
  parseFingerprintItems,
  selectPresence,
  selectPresentItems,
} from './fingerprint-items.ts'
import { hashItems } from './hash-items.ts'
import { narrowTo } from './narrow-to-schema.ts'

/** Reads the schema of one tenant, a database or a schema of one, on one server, primary or standby. */
export async function readFingerprint(
  settings: ServerSettings,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<Fingerprint> {
  try {
    return await readOnce(settings, tenant, signal)
  } catch (error) {
    if (!isWorthRepeating(error)) throw error
    return await readOnce(settings, tenant, signal)
  }
}

async function readOnce(settings: ServerSettings, tenant: Tenant, signal: AbortSignal): Promise<Fingerprint> {
  const options = { applicationName: 'lockstep fingerprint' }
  return await withClient(
    settings,
    tenant.database,
    options,
    async client => {
      // Ends with the session: there is nothing to commit.
      const presence = await client.query(
        `begin transaction isolation level repeatable read read only; ${fingerprintSettings}; ${selectPresence()}`,
      )
      const { rows } = await client.query(selectPresentItems(tenant.appRole, presence.rows[0], tenant.schema))
      const items = narrowTo(tenant.schema).items(parseFingerprintItems(rows))
      return { hash: hashItems(items), items }
    },
    signal,
  )
}

/**
 * Definitions are printed from the present catalog, not from the snapshot, so an object may vanish meanwhile;
 * and on a standby the replay of a lock may cancel any reader.
 */
function isWorthRepeating(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === 'XX000' || state === '40001' || state === '40P01'
}
