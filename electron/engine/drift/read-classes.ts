import { groupClasses, listPlannedSchemas } from '../../../shared/analysis/group-classes.ts'
import type { SchemaClass } from '../../../shared/analysis/schema-class.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { compareClasses } from './compare-classes.ts'

/** Groups the tenants of a plan by revision and fingerprint, and says how each outlier differs. */
export function readClasses(
  { plan, topology }: { readonly plan: Plan; readonly topology: Topology },
  ports: Pick<EnginePorts, 'servers'>,
  signal: AbortSignal,
): Promise<readonly SchemaClass[]> {
  return compareClasses(groupClasses(listPlannedSchemas(plan)), topology, ports, signal)
}
