import type { PlanFinding } from '../analysis/finding.ts'
import type { SchemaClass } from '../analysis/schema-class.ts'
import type { Failure } from '../failure/failure.ts'
import type { GroupMode, Plan } from '../plan/plan.ts'
import type { GateAnswer } from '../plan/verdict.ts'
import type { DeclaredReplay, ServerObservation } from '../topology/topology.ts'
import type { GroupResult, Outcome } from './outcome.ts'
import type { HookKind, PhaseName, PhaseStatus } from './phase.ts'
import type { RollbackProposal, SnapshotRecord } from './rollback.ts'
import type { InterruptionSignal, RunIntent } from './run-intent.ts'

/**
 * Where one tenant stands.
 *
 * - `waiting`: nothing has been done to it yet.
 * - `running`: its transaction is open, or it waits for its next attempt.
 * - `prepared`: it voted yes and waits for the group's decision.
 * - `committed`: it is at the target.
 * - `rolled_back`: it had begun, and nothing of it stays.
 * - `failed`: it is the one that voted no; `rolledBack` says that nothing of it stays.
 * - `unsettled`: its state is not known, a human is needed.
 * - `up_to_date`: it was at the target before the run.
 */
export type TenantStatus =
  | 'waiting'
  | 'running'
  | 'prepared'
  | 'committed'
  | 'rolled_back'
  | 'failed'
  | 'unsettled'
  | 'up_to_date'

/** One occurrence of a phase; `interrupted` when the process that ran it went away. */
export interface PhaseState {
  readonly phase: PhaseName
  readonly group: string | null
  readonly status: PhaseStatus | 'running' | 'interrupted'
  readonly message: string
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly durationMs: number | null
}

export interface TenantState {
  readonly tenant: string
  readonly cluster: string | null
  readonly database: string | null
  readonly group: string | null
  readonly status: TenantStatus
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** How often it was begun; 0 before the first time. */
  readonly attempts: number
  readonly failure: Failure | null
  /** Statements and revisions of the attempt that counts, the last one. */
  readonly statements: number
  readonly revisions: readonly string[]
  readonly currentRevision: string | null
  /** True between the last statement and the answer to PREPARE or COMMIT. */
  readonly voting: boolean
  readonly gid: string | null
  readonly xid: string | null
  readonly rolledBack: 'transaction' | 'prepared' | 'recovery' | 'proven' | null
  /** Null until a snapshot was taken; the fingerprint of before is in `fingerprintBefore`. */
  readonly snapshot: SnapshotState | null
  readonly fingerprintBefore: string | null
  readonly fingerprintAfter: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

/** What was kept of a tenant before it was touched; null means that the log does not say. */
export interface SnapshotState {
  readonly kind: SnapshotRecord['kind']
  readonly verified: boolean
  readonly bytes: number | null
  readonly lsn: string | null
  readonly restorePoint: string | null
  /** Name of the copy, or path of the dump relative to the state folder. */
  readonly location: string | null
}

export interface GroupState {
  readonly group: string
  readonly wave: number
  readonly mode: GroupMode
  readonly tenants: readonly string[]
  readonly started: boolean
  readonly decision: 'commit' | 'rollback' | null
  readonly failure: Failure | null
  readonly result: GroupResult | null
  /** How long readers of the touched tables may have waited: from the first yes to the last commit or rollback. */
  readonly windowMs: number | null
}

/** A gate that was asked; `answer` is null until it has answered. */
export interface GateState {
  readonly gate: string
  readonly momentary: boolean
  readonly answer: GateAnswer | null
  readonly durationMs: number | null
  /** Null until it has answered. */
  readonly judgedAt: string | null
}

export interface SmokeTestState {
  readonly test: string
  readonly group: string
  readonly momentary: boolean
  readonly answer: GateAnswer
  readonly durationMs: number | null
}

/** One answer of a hook; `group` and `tenant` are null where it was asked about no single one. */
export interface HookState {
  readonly hook: string
  readonly kind: HookKind
  readonly moment: 'before' | 'after'
  readonly phase: PhaseName
  readonly group: string | null
  readonly tenant: string | null
  readonly answer: GateAnswer
  readonly durationMs: number | null
}

/** A standby as last seen; null means unknown, never zero. */
export interface StandbyView {
  readonly server: string
  readonly cluster: string
  readonly lagBytes: number | null
  readonly lagSeconds: number | null
  /** Null until a catch-up was waited for. */
  readonly caughtUp: boolean | null
  readonly group: string | null
  readonly waitedMs: number | null
  readonly failure: Failure | null
  /** Declared to be late: `caughtUp` stays null while it does what it promises. */
  readonly promise?: DeclaredReplay
}

export interface ComparisonState {
  readonly tenant: string
  readonly server: string
  readonly equal: boolean
  readonly expected: string
  readonly found: string
  readonly objects: readonly string[]
}

export interface RollbackProof {
  readonly tenant: string
  readonly equal: boolean
  readonly before: string
  readonly found: string
}

export interface ApprovalState {
  readonly planId: string
  readonly how: 'flag' | 'prompt' | 'named' | 'api'
  readonly by: string | null
  readonly at: string
}

/** A pause that a person asked for; `before` names what it waits in front of, null until a safe point is reached. */
export interface PauseState {
  readonly by: string | null
  readonly askedAt: string
  readonly before: string | null
}

/** One statement over all tenants that ran it. */
export interface StatementState {
  readonly revision: string
  readonly index: number
  readonly sql: string
  readonly executions: number
  readonly totalMs: number
  readonly slowestMs: number
  readonly slowestTenant: string
}

export interface SourceState {
  readonly source: 'alembic' | 'sql'
  readonly revisions: number
  readonly heads: readonly string[]
}

export interface RunCounters {
  readonly events: number
  readonly statements: number
  readonly revisions: number
  readonly retries: number
  readonly snapshots: number
  readonly recoveries: number
  readonly repairs: number
}

export interface AnalysisState {
  readonly findings: readonly PlanFinding[]
  readonly classes: readonly Omit<SchemaClass, 'differences'>[]
  readonly rehearsed: boolean
  readonly notRehearsed: string
}

/** Everything that can be known about a run from its events; the one state behind every screen and report. */
export interface RunState {
  readonly runId: string | null
  readonly project: string | null
  readonly toolVersion: string | null
  readonly intent: RunIntent | null
  readonly startedAt: string | null
  readonly lastAt: string | null
  readonly finishedAt: string | null
  readonly lastSeq: number
  readonly phases: readonly PhaseState[]
  readonly servers: readonly ServerObservation[]
  readonly source: SourceState | null
  readonly plan: Plan | null
  /** What was known about the plan before it ran; null before that, and in older logs. */
  readonly foreseen: AnalysisState | null
  /** Of a rollback: what it was to do. */
  readonly proposal: RollbackProposal | null
  readonly tenants: readonly TenantState[]
  readonly groups: readonly GroupState[]
  readonly gates: readonly GateState[]
  readonly smokeTests: readonly SmokeTestState[]
  readonly hooks: readonly HookState[]
  readonly standbys: readonly StandbyView[]
  readonly comparisons: readonly ComparisonState[]
  readonly proofs: readonly RollbackProof[]
  readonly approvals: readonly ApprovalState[]
  readonly statements: readonly StatementState[]
  readonly lockedClusters: readonly string[]
  readonly interruption: InterruptionSignal | null
  /** Null while no pause was asked for. */
  readonly pause: PauseState | null
  readonly outcome: Outcome | null
  readonly exitCode: number | null
  readonly failure: Failure | null
  readonly durationMs: number | null
  readonly counters: RunCounters
}

/** The state before the first event. */
export const initialRunState: RunState = {
  runId: null,
  project: null,
  toolVersion: null,
  intent: null,
  startedAt: null,
  lastAt: null,
  finishedAt: null,
  lastSeq: 0,
  phases: [],
  servers: [],
  source: null,
  plan: null,
  foreseen: null,
  proposal: null,
  tenants: [],
  groups: [],
  gates: [],
  smokeTests: [],
  hooks: [],
  standbys: [],
  comparisons: [],
  proofs: [],
  approvals: [],
  statements: [],
  lockedClusters: [],
  interruption: null,
  pause: null,
  outcome: null,
  exitCode: null,
  failure: null,
  durationMs: null,
  counters: {
    events: 0,
    statements: 0,
    revisions: 0,
    retries: 0,
    snapshots: 0,
    recoveries: 0,
    repairs: 0,
  },
}
