import type { Approvals } from './approvals.ts'
import type { Assertions } from './assertions.ts'
import type { Clock } from './clock.ts'
import type { Dependents } from './dependents.ts'
import type { Digest } from './digest.ts'
import type { GateFacts, Isolation } from './gate-facts.ts'
import type { HookRunner, HttpChecks } from './hooks.ts'
import type { LockTracer } from './lock-trace.ts'
import type { LossFacts } from './loss-facts.ts'
import type { MigrationSource } from './migration-source.ts'
import type { ReachFacts } from './reach-facts.ts'
import type { Rehearsals } from './rehearsals.ts'
import type { ReplayFacts } from './replay-facts.ts'
import type { Restores } from './restores.ts'
import type { RunStore } from './run-log.ts'
import type { SchemaFacts } from './schema-facts.ts'
import type { ClusterLocks, PreparedTransactions, Replicas, Servers, Sessions } from './servers.ts'
import type { Shadows } from './shadows.ts'
import type { Snapshots } from './snapshots.ts'
import type { SqlParser } from './sql-parser.ts'
import type { SubscriberFacts } from './subscriber-facts.ts'

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
