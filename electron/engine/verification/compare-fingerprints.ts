import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { diffCatalog } from '../../catalog/diff-catalog.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { type ExecutionContext, findTenant } from '../context/run-context.ts'

/** What the comparison of a group's servers found. */
export interface ComparedSchemas {
  readonly failures: readonly Failure[]
  /** Fingerprint of each tenant on its primary, by name. */
  readonly fingerprints: ReadonlyMap<string, string>
}

/** Compares each tenant's schema on every standby with its primary's, object by object where they differ. */
export async function compareFingerprints(
  context: ExecutionContext,
  group: PlannedGroup,
  signal: AbortSignal,
): Promise<ComparedSchemas> {
  const tenants = group.tenants.map(planned => findTenant(context.topology, planned.tenant))
  const fingerprints = new Map<string, string>()
  const failures = await mapConcurrently(tenants, 4, tenant =>
    compareTenant(context, tenant, fingerprints, signal),
  )
  return { failures: failures.flat(), fingerprints }
}

async function compareTenant(
  context: ExecutionContext,
  tenant: Tenant,
  fingerprints: Map<string, string>,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  const { ports, recorder, topology } = context
  const cluster = topology.clusters.find(candidate => candidate.name === tenant.cluster)
  if (!cluster) return []
  // One that is late on purpose still has the schema from before.
  const standbys = cluster.standbys.filter(standby => standby.declaredReplay === undefined)
  const servers = [cluster.primary.server, ...standbys.map(standby => standby.server)]
  const found = await mapConcurrently(servers, 4, server => ports.servers.fingerprint(server, tenant, signal))
  const expected = found[0]
  if (!expected) return []
  fingerprints.set(tenant.name, expected.hash)
  const failures: Failure[] = []
  for (const [index, server] of servers.entries()) {
    const fingerprint = found[index]
    if (!fingerprint) continue
    const equal = fingerprint.hash === expected.hash
    const objects = equal ? [] : diffCatalog(expected.items, fingerprint.items)
    await recorder.record({
      type: 'fingerprints.compared',
      tenant: tenant.name,
      server,
      equal,
      expected: expected.hash,
      found: fingerprint.hash,
      objects,
    })
    if (!equal) failures.push({ kind: 'schema_differs', tenant: tenant.name, server, objects })
  }
  return failures
}
