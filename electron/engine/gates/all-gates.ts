import type { Gate } from '../checks/gate.ts'
import { capacity } from './capacity/capacity.ts'
import { tenantIsolation } from './isolation/tenant-isolation.ts'
import { blockingQueries } from './locks/blocking-queries.ts'
import { lockBudget } from './locks/lock-budget.ts'
import { rewrite } from './locks/rewrite.ts'
import { conflicts } from './plan/conflicts.ts'
import { drift } from './plan/drift.ts'
import { expectedFingerprint } from './plan/expected-fingerprint.ts'
import { lint } from './plan/lint.ts'
import { reversible } from './plan/reversible.ts'
import { revisionGraph } from './plan/revision-graph.ts'
import { replayConflict } from './replicas/replay-conflict.ts'
import { replicaLag } from './replicas/replica-lag.ts'
import { foreignKeys } from './settings/foreign-keys.ts'
import { isolationLevel } from './settings/isolation-level.ts'

/** Every gate, in the order in which they are judged and shown. */
export const allGates: readonly Gate[] = [
  revisionGraph,
  conflicts,
  drift,
  lint,
  lockBudget,
  rewrite,
  expectedFingerprint,
  reversible,
  replayConflict,
  capacity,
  isolationLevel,
  replicaLag,
  foreignKeys,
  blockingQueries,
  tenantIsolation,
]
