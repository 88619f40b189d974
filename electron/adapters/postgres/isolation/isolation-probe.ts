import { toFailure } from '../../../../shared/failure/failure.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { ProbeResult } from '../../../engine/ports/gate-facts.ts'
import { throwIfAborted } from '../../../lib/throw-if-aborted.ts'
import type { ClientOptions } from '../session/database-client.ts'
import { sqlStateOf } from '../session/map-error.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { tryCanary, tryForeignSchema } from './queries/isolation-canary.ts'

const probing: ClientOptions = {
  applicationName: 'lockstep probe',
  statementTimeoutMs: 5000,
  lockTimeoutMs: 1000,
  settings: { search_path: '' },
}

/**
 * Logs in as a tenant's role to another tenant's database, or tries its schema where both are schemas of one database.
 *
 * A refusal proves something only when the same login is let into its own database: otherwise no login would be.
 */
export async function probeTenant(
  home: ServerSettings,
  abroad: ServerSettings,
  from: Tenant,
  to: Tenant,
  signal: AbortSignal,
): Promise<ProbeResult> {
  try {
    await withClient(home, from.database, probing, async () => undefined, signal)
  } catch (error) {
    throwIfAborted(signal)
    return {
      result: 'unknown',
      detail: `it cannot log in to its own database ${from.database}${describeError(error)}`,
    }
  }
  if (to.schema !== undefined && to.database === from.database) {
    const schema = to.schema
    return await withClient(home, from.database, probing, client => tryForeignSchema(client, schema), signal)
  }
  try {
    const detail = await withClient(abroad, to.database, probing, tryCanary, signal)
    return { result: 'reached', detail }
  } catch (error) {
    throwIfAborted(signal)
    return describeRefusal(error)
  }
}

function describeRefusal(error: unknown): ProbeResult {
  const sqlstate = sqlStateOf(error)
  if (sqlstate === '42501') return { result: 'refused', sqlstate }
  if (sqlstate === '28000' && isRefusedByHba(error)) return { result: 'refused', sqlstate }
  return { result: 'unknown', detail: `the attempt ended otherwise${describeError(error)}` }
}

/** `pg_hba.conf` keeps roles out with the same code that stands for a role that does not exist. */
function isRefusedByHba(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && cause.message.includes('pg_hba.conf')
}

function describeError(error: unknown): string {
  const sqlstate = sqlStateOf(error)
  const kind = toFailure(error).kind.replaceAll('_', ' ')
  return sqlstate === null ? ` (${kind})` : ` (${kind}, SQLSTATE ${sqlstate})`
}
