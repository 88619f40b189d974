import { groupClasses } from '../../../shared/analysis/group-classes.ts'
import type { SchemaClass } from '../../../shared/analysis/schema-class.ts'
import type { Tenant, Topology, UnreadableTenant } from '../../../shared/topology/topology.ts'
import { primaryOf } from '../context/run-context.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { readEach, settleTogether } from '../topology/unreadable-tenants.ts'
import { compareClasses } from './compare-classes.ts'

/** Groups the tenants of a fleet as they stand now, without a plan: what is in quarantine, or on no known revision, too. */
export async function surveyClasses(
  topology: Topology,
  ports: Pick<EnginePorts, 'servers' | 'source'>,
  onRead: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<{ readonly classes: readonly SchemaClass[]; readonly unreadable: readonly UnreadableTenant[] }> {
  let done = 0
  const readSchema = async (tenant: Tenant) => {
    const [heads, fingerprint] = await settleTogether([
      ports.source.readHeads(tenant, signal),
      ports.servers.fingerprint(primaryOf(topology, tenant), tenant, signal),
    ])
    done += 1
    onRead(done, topology.tenants.length)
    return { tenant: tenant.name, heads, fingerprint: fingerprint.hash }
  }
  const { read, unreadable } = await readEach(topology.tenants, readSchema, signal)
  return { classes: await compareClasses(groupClasses(read), topology, ports, signal), unreadable }
}
