import { parseGid } from '../../shared/gid.ts'
import type { Tenant } from '../../shared/topology.ts'
import { type ExecutionContext, findTenant, primaryOf } from './run-context.ts'
import type { Patience } from './with-patience.ts'

/** What a tenant is found to be. */
export interface FoundTenantState {
  readonly fingerprint: string
  readonly heads: readonly string[]
  /** Whether a vote of the run is still prepared there: invisible to everybody, and able to commit. */
  readonly open: boolean
}

/** Reads a tenant, again and again while the patience lasts; null when it did not answer. */
export async function readTenantUntil(
  { runId, ports, topology }: Pick<ExecutionContext, 'runId' | 'ports' | 'topology'>,
  name: string,
  patience: Patience,
): Promise<FoundTenantState | null> {
  const tenant = findTenant(topology, name)
  const server = primaryOf(topology, tenant)
  const { signal } = patience
  while (!signal.aborted) {
    try {
      const [fingerprint, heads, prepared] = await Promise.all([
        ports.servers.fingerprint(server, tenant, signal),
        ports.source.readHeads(tenant, signal),
        ports.prepared.list(server, signal),
      ])
      patience.renew()
      const open = prepared.some(
        vote => vote.database === tenant.database && isOpenVote(vote.gid, runId, tenant),
      )
      return { fingerprint: fingerprint.hash, heads, open }
    } catch {
      // The server may be restarting: it is asked again until the patience ends.
      await ports.clock.sleep(300, signal)
    }
  }
  return null
}

/** Of schemas of one database each has its own vote; a name that was cut may be anybody's. */
function isOpenVote(gid: string, runId: string, { name, schema }: Tenant): boolean {
  const vote = parseGid(gid)
  if (vote?.runId !== runId) return false
  return schema === undefined || vote.tenant === name || vote.tenant.includes('~')
}
