import type { Gate } from './gate.ts'
import { blockingQueries } from './gates/blocking-queries.ts'
import { capacity } from './gates/capacity.ts'
import { conflicts } from './gates/conflicts.ts'
import { drift } from './gates/drift.ts'
import { expectedFingerprint } from './gates/expected-fingerprint.ts'
import { foreignKeys } from './gates/foreign-keys.ts'
import { isolationLevel } from './gates/isolation-level.ts'
import { lint } from './gates/lint.ts'
import { lockBudget } from './gates/lock-budget.ts'
import { replayConflict } from './gates/replay-conflict.ts'
import { replicaLag } from './gates/replica-lag.ts'
import { reversible } from './gates/reversible.ts'
import { revisionGraph } from './gates/revision-graph.ts'
import { rewrite } from './gates/rewrite.ts'
import { tenantIsolation } from './gates/tenant-isolation.ts'

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
