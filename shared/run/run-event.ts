import type { Failure } from '../failure/failure.ts'
import type { PlanFinding } from '../foresight/finding.ts'
import type { SchemaClass } from '../foresight/schema-class.ts'
import type { Plan } from '../plan/plan.ts'
import type { GateAnswer } from '../plan/verdict.ts'
import type { Volatile } from '../text/volatile.ts'
import type { DeclaredReplay, ServerObservation, Tenant } from '../topology/topology.ts'
import type { GroupFact } from './group-fact.ts'
import type { Outcome } from './outcome.ts'
import type { RollbackProposal } from './rollback.ts'

export type { Volatile } from '../text/volatile.ts'
export type { GroupResult } from './group-fact.ts'

/** The version of the event format; readers refuse a newer one in plain words. */
export const eventVersion = 1

/** The stages of a run, in their order. */
export const phaseNames = [
  'topology_discovery',
  'planning',
  'safety_gate_validation',
  'approval',
  'rollback_snapshot',
  'migration_execution',
  'replica_sync_validation',
  'smoke_test',
  'rollback',
] as const

export type PhaseName = (typeof phaseNames)[number]

/** What a hook of the team is: a program, an address, or a query. */
export type HookKind = 'executable' | 'http' | 'sql'

export type PhaseStatus = 'success' | 'failed' | 'skipped'

/**
 * Everything that can happen in a run: one closed union, JSON only, no secrets.
 *
 * What is not `volatile`, `at`, `runId`, `seq` or momentary is equal in two identical runs.
 *
 * @example
 * { type: 'tenant.voted', group: 'rest', tenant: 'birch', vote: 'yes', failure: null,
 *   fingerprint: '9f2c...', volatile: { gid: 'lockstep:01K...:rest:birch', xid: '7124', durationMs: 31 } }
 */
export type RunFact =
  | {
      readonly type: 'run.started'
      readonly project: string
      readonly toolVersion: string
      readonly intent: RunIntent
      readonly volatile: Volatile
    }
  | { readonly type: 'phase.started'; readonly phase: PhaseName; readonly group: string | null }
  | {
      readonly type: 'phase.finished'
      readonly phase: PhaseName
      readonly group: string | null
      readonly status: PhaseStatus
      readonly message: string
      readonly volatile: Volatile
    }
  | { readonly type: 'server.observed'; readonly server: string; readonly observation: ServerObservation }
  | { readonly type: 'tenants.discovered'; readonly tenants: readonly Tenant[] }
  | {
      readonly type: 'source.described'
      readonly source: 'alembic' | 'sql'
      readonly revisions: number
      readonly heads: readonly string[]
      readonly volatile: Volatile
    }
  | { readonly type: 'lock.acquired'; readonly cluster: string; readonly volatile: Volatile }
  | { readonly type: 'plan.made'; readonly plan: Plan }
  /** What was known about the plan before it ran; at most 200 findings. */
  | {
      readonly type: 'plan.foreseen'
      readonly findings: readonly PlanFinding[]
      readonly classes: readonly Omit<SchemaClass, 'differences'>[]
      readonly rehearsed: boolean
      readonly notRehearsed: string
    }
  | { readonly type: 'gate.started'; readonly gate: string }
  /** `momentary` gates measure an instant: their value and evidence may differ between two identical runs. */
  | {
      readonly type: 'gate.judged'
      readonly gate: string
      readonly momentary: boolean
      readonly answer: GateAnswer
      readonly volatile: Volatile
    }
  | {
      readonly type: 'approval.recorded'
      readonly planId: string
      readonly how: 'flag' | 'prompt' | 'named' | 'api'
      readonly volatile: Volatile
    }
  | {
      readonly type: 'snapshot.taken'
      readonly tenant: string
      readonly heads: readonly string[]
      readonly fingerprint: string
      /** The copy of the data, where one was taken; its place, size and checksum are in `volatile`. */
      readonly copy?: { readonly kind: 'template' | 'dump'; readonly verified: boolean }
      readonly volatile: Volatile
    }
  /** What undoing a run would do, and where each tenant returns to. */
  | { readonly type: 'rollback.proposed'; readonly proposal: RollbackProposal }
  /** Rows that others wrote are counted from here on; where they cannot be, `why` says why. */
  | {
      readonly type: 'writes.noted'
      readonly tenant: string
      readonly known: boolean
      readonly why: string
      readonly volatile: Volatile
    }
  /** A copy takes the place of a tenant's database. */
  | {
      readonly type: 'tenant.restoring'
      readonly group: string
      readonly tenant: string
      readonly step: 'prepared' | 'closed' | 'swapped' | 'reopened' | 'discarded'
      readonly volatile: Volatile
    }
  | GroupFact
  | {
      readonly type: 'standby.checked'
      readonly cluster: string
      readonly server: string
      readonly group: string
      /** With a promise: whether that was kept. */
      readonly caughtUp: boolean
      readonly failure: Failure | null
      /** Of a standby that is declared to be late: it was waited for as far as it promises. */
      readonly promise?: DeclaredReplay
      readonly volatile: Volatile
    }
  | {
      readonly type: 'fingerprints.compared'
      readonly tenant: string
      readonly server: string
      readonly equal: boolean
      readonly expected: string
      readonly found: string
      /** Objects that differ, worst first, at most twenty. */
      readonly objects: readonly string[]
    }
  | {
      readonly type: 'smoke.judged'
      readonly test: string
      readonly group: string
      readonly momentary: boolean
      readonly answer: GateAnswer
      readonly volatile: Volatile
    }
  /** What a hook of the team answered at its moment; `group` and `tenant` are null where it was asked about no single one. */
  | {
      readonly type: 'hook.judged'
      readonly hook: string
      readonly kind: HookKind
      readonly moment: 'before' | 'after'
      readonly phase: PhaseName
      readonly group: string | null
      readonly tenant: string | null
      readonly answer: GateAnswer
      readonly volatile: Volatile
    }
  /** After a rollback: the fingerprint found, compared with the one taken before. */
  | {
      readonly type: 'rollback.proven'
      readonly tenant: string
      readonly equal: boolean
      readonly before: string
      readonly found: string
      /** What differs, or the last error where it could not be read. */
      readonly why?: string
    }
  /** `abort`: a person said so on the dashboard. */
  | { readonly type: 'run.interrupted'; readonly signal: InterruptionSignal }
  | { readonly type: 'recovery.started'; readonly volatile: Volatile }
  | {
      readonly type: 'recovery.settled'
      readonly tenant: string
      readonly how: 'rolled_forward' | 'rolled_back' | 'already_committed' | 'already_rolled_back'
      readonly volatile: Volatile
    }
  | { readonly type: 'log.repaired'; readonly volatile: Volatile }
  | {
      readonly type: 'run.finished'
      readonly outcome: Outcome
      readonly exitCode: number
      readonly failure: Failure | null
      readonly volatile: Volatile
    }
  /** Transient events below: they depend on timing alone, so the canonical form leaves them out. */
  | {
      readonly type: 'tenant.retried'
      readonly group: string
      readonly tenant: string
      readonly volatile: Volatile
    }
  | {
      readonly type: 'lag.sampled'
      readonly cluster: string
      readonly server: string
      readonly volatile: Volatile
    }
  /** A person asked for a pause; it takes effect where nothing is prepared. */
  | { readonly type: 'run.pausing'; readonly volatile: Volatile }
  | { readonly type: 'run.paused'; readonly before: string; readonly volatile: Volatile }
  | { readonly type: 'run.resumed'; readonly volatile: Volatile }
  /** How far a copy is. */
  | {
      readonly type: 'snapshot.copying'
      readonly tenant: string
      readonly kind: 'template' | 'dump'
      readonly volatile: Volatile
    }

/** What interrupted a run. */
export type InterruptionSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'abort'

/** What a run was asked to do. */
export interface RunIntent {
  readonly verb: 'run' | 'rollback'
  /** Heads or revision ids asked for; empty means every head. */
  readonly target: readonly string[]
  readonly tenants: readonly string[]
  /** With `rollback`: the run that is undone. */
  readonly undoes?: string
}

export interface RunEnvelope {
  readonly v: typeof eventVersion
  readonly runId: string
  /** 1, 2, 3 ... without gaps. */
  readonly seq: number
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
}

/** A fact of a run as it is stored, published and replayed. */
export type RunEvent = RunEnvelope & RunFact

export type RunEventType = RunFact['type']

/** Events that only timing brings about. */
export const transientEventTypes: ReadonlySet<RunEventType> = new Set<RunEventType>([
  'tenant.retried',
  'lag.sampled',
  'run.pausing',
  'run.paused',
  'run.resumed',
  'snapshot.copying',
])
