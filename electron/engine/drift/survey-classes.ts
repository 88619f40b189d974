import type { SchemaClass } from '../../../shared/foresight/schema-class.ts'
import { mapConcurrently } from '../../../shared/map-concurrently.ts'
import type { Topology } from '../../../shared/topology.ts'
import type { EnginePorts } from '../engine-ports.ts'
import { primaryOf } from '../run-context.ts'
import { compareClasses } from './compare-classes.ts'
import { groupClasses } from './group-classes.ts'

/** Groups the tenants of a fleet as they stand now, without a plan: what is in quarantine, or on no known revision, too. */
export async function surveyClasses(
  topology: Topology,
  ports: Pick<EnginePorts, 'servers' | 'source'>,
  onRead: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<readonly SchemaClass[]> {
  let done = 0
  const schemas = await mapConcurrently(topology.tenants, 8, async tenant => {
    const [heads, fingerprint] = await Promise.all([
      ports.source.readHeads(tenant, signal),
      ports.servers.fingerprint(primaryOf(topology, tenant), tenant, signal),
    ])
    done += 1
    onRead(done, topology.tenants.length)
    return { tenant: tenant.name, heads, fingerprint: fingerprint.hash }
  })
  return compareClasses(groupClasses(schemas), topology, ports, signal)
}
