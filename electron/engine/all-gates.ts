import type { Gate } from './gate.ts'
import { blockingQueries } from './gates/blocking-queries.ts'
import { capacity } from './gates/capacity.ts'
import { foreignKeys } from './gates/foreign-keys.ts'
import { isolationLevel } from './gates/isolation-level.ts'
import { replicaLag } from './gates/replica-lag.ts'
import { revisionGraph } from './gates/revision-graph.ts'
import { tenantIsolation } from './gates/tenant-isolation.ts'

/** Every gate, in the order in which they are judged and shown. */
export const allGates: readonly Gate[] = [
  revisionGraph,
  capacity,
  isolationLevel,
  replicaLag,
  foreignKeys,
  blockingQueries,
  tenantIsolation,
]
