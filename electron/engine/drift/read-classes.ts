import type { SchemaClass } from '../../../shared/foresight/schema-class.ts'
import type { Plan } from '../../../shared/plan.ts'
import type { Topology } from '../../../shared/topology.ts'
import type { EnginePorts } from '../engine-ports.ts'

/** Groups the tenants of a plan by revision and fingerprint, and says how each outlier differs. */
export async function readClasses(
  _request: { readonly plan: Plan; readonly topology: Topology },
  _ports: EnginePorts,
  _signal: AbortSignal,
): Promise<readonly SchemaClass[]> {
  return []
}
