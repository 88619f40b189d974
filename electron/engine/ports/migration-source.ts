import type { Failure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { ReplayJudgement } from '../../../shared/plan/replay-judgement.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { Inspection } from './inspection.ts'
import type { TraceQuery, TraceRows } from './lock-trace.ts'

/** Where revisions come from: an Alembic project or a folder of SQL files. */
export interface MigrationSource {
  /** Reads the revision tree; throws a `LockstepError` when the project cannot be read. */
  describe(signal: AbortSignal): Promise<MigrationGraph>
  /** Revisions that a tenant's version table holds; never changes the database. Empty before the first. */
  readHeads(tenant: Tenant, signal: AbortSignal): Promise<readonly string[]>
  /** The table that says which revisions a tenant has, wherever the project keeps it; null before it is made. */
  findVersionTable(tenant: Tenant, signal: AbortSignal): Promise<VersionTable | null>
  /** Compares what the tenant has applied with the source: an edited or vanished revision is the answer, null is none. */
  verifyApplied(tenant: Tenant, signal: AbortSignal): Promise<Failure | null>
  /** Steps from a set of heads to the target, rendered for reading where possible. */
  planSteps(
    from: readonly string[],
    target: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly PlannedStep[]>
  /** Steps down from a set of heads to the earlier ones that it came from; throws where a revision has no downgrade. */
  planDowngrade(
    from: readonly string[],
    to: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly PlannedStep[]>
  /** Runs steps on one tenant in one transaction (or, for steps that cannot, one by one) and finishes as told. */
  migrate(request: MigrateRequest, observer: MigrateObserver, signal: AbortSignal): Promise<MigrateResult>
  /** Ends what was kept warm. */
  close(): Promise<void>
}

/** The table in which a tenant's database holds what is applied to it. */
export interface VersionTable {
  readonly schema: string
  readonly name: string
}

export interface MigrateRequest {
  readonly tenant: Tenant
  /** The heads that the tenant must hold when the transaction begins; anything else is a refusal. */
  readonly from: readonly string[]
  /** Steps in order; all transactional, or all not. */
  readonly steps: readonly PlannedStep[]
  readonly transactional: boolean
  readonly lockTimeoutMs: number
  readonly statementTimeoutMs: number
  /** Null: commit. Otherwise the transaction is prepared under this identifier. */
  readonly gid: string | null
  /** Run in the migrating session before the first step, once the tenant is proven to stand where the steps begin. */
  readonly guard?: readonly TraceQuery[]
  /** Run in the migrating session before the first and after each statement, for a rehearsal; none when not given. */
  readonly trace?: readonly TraceQuery[]
  /** With `gid`: after so many statements the transaction is prepared, rolled back and reported as `cancelled`. */
  readonly probeAfter?: number
  /**
   * The same for tenants that begin with the same catalogs: what one of them is sent may be sent to the others.
   *
   * Absent where nothing is known; then every tenant is migrated by itself.
   */
  readonly startsAs?: string
  /** Whether it is tried on a copy: code that reaches past it is refused, as `reaches_beyond`. */
  readonly isOnCopy?: boolean
}

/** Told about a migration while it runs; calls come in order and are awaited. */
export interface MigrateObserver {
  started(facts: {
    readonly backendPid: number
    readonly xid: string | null
    /** With `trace`: what its queries gave before the first statement. */
    readonly trace?: TraceRows
  }): Promise<void>
  /**
   * With `guard`: what its queries gave, and whether the steps may run. In a transaction its locks are held until the
   * end; steps outside of one run when they are given back.
   */
  guarded?(rows: TraceRows): Promise<'go' | 'rollback'>
  /** With `trace`: called before each statement that the server refuses in a transaction, so that it can be watched. */
  aboutToRun?(facts: Pick<StatementFacts, 'revision' | 'index' | 'sql'>): Promise<void>
  /** With a trace, what this throws undoes the transaction and is the failure that the migration ends in. */
  statement(facts: StatementFacts): Promise<void>
  revisionApplied(revision: string): Promise<void>
  /** Told once for tenants that begin alike, and for one that turns out to be unlike them. */
  replayJudged?(judgement: ReplayJudgement): Promise<void>
  /**
   * Called once, inside the transaction, after the last step: the engine looks and says how to go on.
   *
   * With a trace: also what its queries gave then, when deferred checks and triggers have run.
   */
  readyToVote(inspection: Inspection | null, trace?: TraceRows): Promise<'finish' | 'rollback'>
}

export interface StatementFacts {
  readonly revision: string
  readonly index: number
  readonly sql: string
  readonly rowCount: number | null
  readonly durationMs: number
  /** With `trace`: line of the revision's file on which it begins, where that is known. */
  readonly line?: number
  /** With `trace`: what its queries gave right after the statement. */
  readonly trace?: TraceRows
  /** With `trace`, where something that is no statement of the migration ran since the last: what they gave right before. */
  readonly traceBefore?: TraceRows
}

/**
 * `finished`: prepared or committed as asked. `rolled_back`: nothing stays. `unknown`: the answer got lost.
 *
 * A step outside a transaction that fails is `rolled_back` too: it is not noted as applied, but what it ran may stay.
 */
export type MigrateResult =
  | { readonly status: 'finished'; readonly xid: string | null }
  | { readonly status: 'rolled_back'; readonly failure: Failure }
  | { readonly status: 'unknown'; readonly failure: Failure; readonly xid: string | null }
