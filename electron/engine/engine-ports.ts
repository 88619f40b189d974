import type { Approvals } from './ports/approvals.ts'
import type { Assertions } from './ports/assertions.ts'
import type { Clock } from './ports/clock.ts'
import type { Dependents } from './ports/dependents.ts'
import type { Digest } from './ports/digest.ts'
import type { GateFacts, Isolation } from './ports/gate-facts.ts'
import type { HookRunner, HttpChecks } from './ports/hooks.ts'
import type { LockTracer } from './ports/lock-trace.ts'
import type { LossFacts } from './ports/loss-facts.ts'
import type { MigrationSource } from './ports/migration-source.ts'
import type { ReachFacts } from './ports/reach-facts.ts'
import type { Rehearsals } from './ports/rehearsals.ts'
import type { ReplayFacts } from './ports/replay-facts.ts'
import type { Restores } from './ports/restores.ts'
import type { RunStore } from './ports/run-log.ts'
import type { SchemaFacts } from './ports/schema-facts.ts'
import type { ClusterLocks, PreparedTransactions, Replicas, Servers, Sessions } from './ports/servers.ts'
import type { Shadows } from './ports/shadows.ts'
import type { Snapshots } from './ports/snapshots.ts'
import type { SqlParser } from './ports/sql-parser.ts'
import type { SubscriberFacts } from './ports/subscriber-facts.ts'

/** The outside world, as the engine knows it; the host gives the real one. */
export interface EnginePorts {
  readonly servers: Servers
  readonly locks: ClusterLocks
  readonly prepared: PreparedTransactions
  readonly replicas: Replicas
  readonly sessions: Sessions
  readonly facts: GateFacts
  readonly isolation: Isolation
  readonly source: MigrationSource
  readonly parser: SqlParser
  readonly schemaFacts: SchemaFacts
  readonly dependents: Dependents
  readonly replayFacts: ReplayFacts
  readonly subscriberFacts: SubscriberFacts
  readonly reachFacts: ReachFacts
  readonly shadows: Shadows
  readonly lockTracer: LockTracer
  readonly rehearsals: Rehearsals
  readonly lossFacts: LossFacts
  readonly snapshots: Snapshots
  readonly restores: Restores
  readonly hooks: HookRunner
  readonly assertions: Assertions
  readonly http: HttpChecks
  readonly approvals: Approvals
  readonly store: RunStore
  readonly clock: Clock
  readonly digest: Digest
}
