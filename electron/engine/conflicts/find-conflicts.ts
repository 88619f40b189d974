import type { PlanFinding } from '../../../shared/foresight/finding.ts'
import type { SchemaClass } from '../../../shared/foresight/schema-class.ts'
import type { MigrationGraph } from '../../../shared/migration-graph.ts'
import type { Plan } from '../../../shared/plan.ts'
import type { Topology } from '../../../shared/topology.ts'
import type { EnginePorts } from '../engine-ports.ts'

/** What is searched for conflicts. */
export interface ConflictRequest {
  readonly plan: Plan
  readonly graph: MigrationGraph
  readonly topology: Topology
  readonly classes: readonly SchemaClass[]
}

/** Finds what does not fit together: revisions with each other, and revisions with what tenants hold. */
export async function findConflicts(
  _request: ConflictRequest,
  _ports: EnginePorts,
  _signal: AbortSignal,
): Promise<readonly PlanFinding[]> {
  return []
}
