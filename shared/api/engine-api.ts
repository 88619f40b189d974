import type { Failure } from '../failure/failure.ts'
import type { Confirmation } from '../plan/friction.ts'
import type { RollbackProposal } from '../run/rollback.ts'
import type { RunEvent } from '../run/run-event.ts'
import type { LogFilter, LogMatches, LogPage, LogQuery } from './log-line.ts'
import type { OverviewView } from './overview-view.ts'
import type { PlanView } from './plan-view.ts'
import type { Preferences } from './preferences.ts'
import type { ProtocolView } from './protocol-view.ts'
import type { RunComparison, RunSummary, RunView } from './run-view.ts'
import type { SecretState } from './secret-state.ts'
import type { ActiveRun, SessionView } from './session-view.ts'
import type { LagSample, LagSeries, TopologyView } from './topology-view.ts'

type Nothing = Readonly<Record<string, never>>
type OfRun = { readonly runId: string }
type OfPlan = { readonly planId: string }
type Confirmed = { readonly confirmation: Confirmation | null }

/**
 * Everything that a dashboard can ask of the engine: one map is the whole contract, and both carriers derive from it.
 *
 * `changes` marks what alters a database, a log, a decision or what the session looks at: each of these has a guard in the engine.
 *
 * @example
 * const reply = await api.request('plan.make', { target: [], tenants: ['acme*'] })
 * if (reply.ok) show(reply.value.plan)
 * else explain(describeFailure(reply.failure))
 */
export interface EngineRequests {
  'session.read': { input: Nothing; output: SessionView; risk: 'reads' }
  /** Opens the project of a folder, or of a project file. */
  'project.open': { input: { readonly path: string }; output: SessionView; risk: 'changes' }
  /** Starts the sandbox cluster where it does not run, and opens it. */
  'demo.open': { input: Nothing; output: SessionView; risk: 'changes' }
  'overview.read': { input: Nothing; output: OverviewView; risk: 'reads' }
  'topology.read': { input: Nothing; output: TopologyView; risk: 'reads' }
  /** Whoever asks next gets what servers and tenants are then, not what was read of them before. */
  'topology.forget': { input: Nothing; output: Nothing; risk: 'reads' }
  /** The samples of the last hour. */
  'lag.read': { input: Nothing; output: readonly LagSeries[]; risk: 'reads' }
  /** Plans for the fleet as it is now, and keeps the plan: an earlier one that differs becomes void. */
  'plan.make': {
    input: { readonly target: readonly string[]; readonly tenants: readonly string[] }
    output: PlanView
    risk: 'changes'
  }
  /** A kept plan; `last` is the newest one that nobody has started or rejected. */
  'plan.read': { input: OfPlan; output: PlanView; risk: 'reads' }
  /** Judges every gate now, without a lock and without changing anything, and compares the plan with the fleet: what moved voids it. */
  'plan.check': { input: OfPlan; output: PlanView; risk: 'changes' }
  /** Runs the plan on a copy of one tenant of each class, up, down and up again; the tenants themselves are only read. */
  'plan.rehearse': { input: OfPlan; output: PlanView; risk: 'changes' }
  'plan.approve': {
    input: OfPlan & Confirmed & { readonly comment: string }
    output: PlanView
    risk: 'changes'
  }
  'plan.reject': { input: OfPlan & { readonly comment: string }; output: PlanView; risk: 'changes' }
  /** Runs an approved plan, or nothing: what moved voids the approval. */
  'run.start': { input: OfPlan & Confirmed; output: OfRun; risk: 'changes' }
  'run.pause': { input: OfRun & Confirmed; output: ActiveRun; risk: 'changes' }
  'run.resume': { input: OfRun & Confirmed; output: ActiveRun; risk: 'changes' }
  'run.abort': { input: OfRun & Confirmed; output: ActiveRun; risk: 'changes' }
  /** Settles a run that was cut off. */
  'run.recover': { input: OfRun & Confirmed; output: OfRun; risk: 'changes' }
  /** Says how each tenant of a run would go back, and what that would lose: rehearsed on scratch copies and counted. */
  'rollback.propose': {
    /** Names or globs; empty means every tenant that the run moved and that is not back yet. */
    input: OfRun & { readonly tenants: readonly string[] }
    output: RollbackProposal
    risk: 'changes'
  }
  /** Undoes a run as it was proposed, for whom it was proposed, or not at all; gives the rollback's own run. */
  'rollback.start': {
    input: OfRun &
      Confirmed & {
        readonly rollbackId: string
        /** Why what the proposal names may be lost; null where nothing is. */
        readonly acceptLoss: { readonly reason: string } | null
        /** Whether others' sessions may be ended where a copy takes the place of a database. */
        readonly disconnect: boolean
      }
    output: OfRun
    risk: 'changes'
  }
  /** What people read beside each phase of a run. */
  'protocol.read': { input: Nothing; output: ProtocolView; risk: 'reads' }
  'run.list': { input: Nothing; output: readonly RunSummary[]; risk: 'reads' }
  /** The id, its unambiguous beginning, or `last`. */
  'run.read': { input: OfRun; output: RunView; risk: 'reads' }
  /** From now on every event after `afterSeq` is sent to this client as `run.events`. */
  'run.follow': { input: OfRun & { readonly afterSeq: number }; output: Nothing; risk: 'reads' }
  'run.unfollow': { input: OfRun; output: Nothing; risk: 'reads' }
  'run.compare': {
    input: { readonly left: string; readonly right: string }
    output: RunComparison
    risk: 'reads'
  }
  /** Opens the log of a run from elsewhere, such as a pipeline's, to be read. */
  'run.import': { input: { readonly name: string; readonly text: string }; output: OfRun; risk: 'changes' }
  'run.report': { input: OfRun; output: { readonly text: string }; risk: 'reads' }
  'log.range': {
    input: OfRun & { readonly filter: LogFilter; readonly from: number; readonly count: number }
    output: LogPage
    risk: 'reads'
  }
  'log.search': {
    input: OfRun & { readonly filter: LogFilter; readonly query: LogQuery }
    output: LogMatches
    risk: 'reads'
  }
  /** The position, under the filter, of the first error of the first failed gate or tenant; null when nothing failed. */
  'log.firstFailure': {
    input: OfRun & { readonly filter: LogFilter }
    output: { readonly position: number | null; readonly line: number | null }
    risk: 'reads'
  }
  /** The whole log as it is stored, or as text. */
  'log.download': {
    input: OfRun & { readonly kind: 'jsonl' | 'text' }
    output: { readonly name: string; readonly text: string }
    risk: 'reads'
  }
  'preferences.read': { input: Nothing; output: Preferences; risk: 'reads' }
  'preferences.write': { input: { readonly preferences: Preferences }; output: Preferences; risk: 'changes' }
  /** Which servers of the open project have a remembered password, and whether any can be remembered here. */
  'secret.state': { input: Nothing; output: SecretState; risk: 'reads' }
  /** Remembers the password of a server, encrypted by the desktop; the only message that carries one. */
  'secret.write': {
    input: { readonly server: string; readonly password: string }
    output: SecretState
    risk: 'changes'
  }
  'secret.forget': { input: { readonly server: string }; output: SecretState; risk: 'changes' }
}

export type RequestName = keyof EngineRequests
export type InputOf<Name extends RequestName> = EngineRequests[Name]['input']
export type OutputOf<Name extends RequestName> = EngineRequests[Name]['output']

/** Requests that change something; each has a guard in the engine. */
export type ChangingRequest = {
  [Name in RequestName]: EngineRequests[Name]['risk'] extends 'changes' ? Name : never
}[RequestName]

/** What the engine tells every client without being asked. */
export type EngineEvent =
  | { readonly type: 'session.changed'; readonly session: SessionView }
  /** Events of a followed run, in order, without gap or repetition. */
  | { readonly type: 'run.events'; readonly runId: string; readonly events: readonly RunEvent[] }
  /** A run began, ended, or was put into another control state. */
  | { readonly type: 'runs.changed' }
  | { readonly type: 'plan.changed'; readonly planId: string }
  | { readonly type: 'topology.changed' }
  | { readonly type: 'lag.sampled'; readonly samples: readonly LagSample[] }
  /** A step of something long, such as starting the sandbox or planning. */
  | {
      readonly type: 'progress'
      readonly task: 'demo' | 'plan' | 'check' | 'rehearse' | 'rollback'
      readonly line: string
    }
  /** The engine's process went away; `runId` is the run that it cut off. A new one has been started. */
  | { readonly type: 'engine.ended'; readonly runId: string | null }

/** An answer; errors lose their class on the way, so they travel as data. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }

/** The connection as a screen shows it. Times are `Date.now()`. */
export type ConnectionState =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected' }
  | { readonly state: 'lost'; readonly since: number; readonly retryAt: number }
  /** The session is over; only a new address opens another one. */
  | { readonly state: 'closed'; readonly reason: 'not_signed_in' | 'idle' | 'ended' }

/** The engine as the renderer knows it, whatever carries it. */
export interface EngineApi {
  request<Name extends RequestName>(name: Name, input: InputOf<Name>): Promise<Reply<OutputOf<Name>>>
  subscribe(listener: (event: EngineEvent) => void): () => void
  watchConnection(listener: (state: ConnectionState) => void): () => void
}
