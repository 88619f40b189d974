import { type GateName, gateNames } from '../../../shared/plan/verdict.ts'
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

/** The judgement of every gate; the compiler refuses a name without one. */
const gates: { readonly [Name in GateName]: Gate } = {
  revision_graph: revisionGraph,
  conflicts,
  drift,
  lint,
  lock_budget: lockBudget,
  rewrite,
  expected_fingerprint: expectedFingerprint,
  reversible,
  replay_conflict: replayConflict,
  capacity,
  isolation_level: isolationLevel,
  replica_lag: replicaLag,
  foreign_keys: foreignKeys,
  blocking_queries: blockingQueries,
  tenant_isolation: tenantIsolation,
}

/** Every gate, in the order in which they are judged and shown. */
export const allGates: readonly Gate[] = gateNames.map(name => gates[name])
