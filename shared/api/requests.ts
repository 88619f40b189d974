import { z } from 'zod'
import type { RollbackProposal } from '../run/rollback.ts'
import type { LogMatches, LogPage } from './log-line.ts'
import type { OverviewView } from './overview-view.ts'
import type { PlanView } from './plan-view.ts'
import type { Preferences } from './preferences.ts'
import { preferencesSchema } from './preferences-schema.ts'
import type { ProtocolView } from './protocol-view.ts'
import {
  comment,
  confirmation,
  count,
  filter,
  logText,
  name,
  names,
  nothing,
  password,
  planId,
  query,
  runId,
  text,
} from './request-inputs.ts'
import type { RunComparison, RunSummary, RunView } from './run-view.ts'
import type { SecretState } from './secret-state.ts'
import type { ActiveRun, SessionView } from './session-view.ts'
import type { LagSeries, TopologyView } from './topology-view.ts'

/** What a request answers: a type alone. */
interface Answer<Output> {
  readonly of?: Output
}

/** What there is to say about a request before it is handled. */
interface RequestSpec {
  /** `changes` alters a database, a log, a decision or what the session looks at: each of these has a guard in the engine. */
  readonly risk: 'reads' | 'changes'
  /** What it may carry: nothing more, and nothing larger. */
  readonly input: z.ZodType
  readonly output: Answer<unknown>
  /** One after another: what was guarded must still be so when it is done, also when two people decide at the same moment. */
  readonly inTurn?: true
}

type OfRun = { readonly runId: string }
type Nothing = Readonly<Record<string, never>>

const ofRun = z.strictObject({ runId })
/** To be looked at only, also by `last`: a decision names the plan that was seen. */
const ofPlan = z.strictObject({ planId: z.union([planId, z.literal('last')]) })
const confirmedRun = z.strictObject({ runId, confirmation })

/**
 * Everything that a dashboard can ask of the engine: one table is the whole contract, and both transports derive from it.
 *
 * The service reads it; screens know its types alone (`engine-api.ts`), and load no schema.
 */
export const requests = {
  'session.read': { risk: 'reads', input: nothing, output: answer<SessionView>() },
  /** Opens the project of a folder, or of a project file. */
  'project.open': {
    risk: 'changes',
    input: z.strictObject({ path: text }),
    output: answer<SessionView>(),
  },
  /** Starts the sandbox cluster where it does not run, and opens it. */
  'demo.open': { risk: 'changes', input: nothing, output: answer<SessionView>() },
  'overview.read': { risk: 'reads', input: nothing, output: answer<OverviewView>() },
  'topology.read': { risk: 'reads', input: nothing, output: answer<TopologyView>() },
  /** The next request gets what servers and tenants are then, not what was read of them before. */
  'topology.forget': { risk: 'reads', input: nothing, output: answer<Nothing>() },
  /** The samples of the last hour. */
  'lag.read': { risk: 'reads', input: nothing, output: answer<readonly LagSeries[]>() },
  /** Plans for the fleet as it is now, and keeps the plan: an earlier one that differs becomes void. */
  'plan.make': {
    risk: 'changes',
    input: z.strictObject({ target: names, tenants: names }),
    output: answer<PlanView>(),
  },
  /** A kept plan; `last` is the newest one that was not started or rejected. */
  'plan.read': { risk: 'reads', input: ofPlan, output: answer<PlanView>() },
  /** Judges every gate now, without a lock and without changing anything, and compares the plan with the fleet: what moved voids it. */
  'plan.check': { risk: 'changes', input: ofPlan, output: answer<PlanView>() },
  /** Runs the plan on a copy of one tenant of each class, up, down and up again; the tenants themselves are only read. */
  'plan.rehearse': { risk: 'changes', input: ofPlan, output: answer<PlanView>() },
  'plan.approve': {
    risk: 'changes',
    input: z.strictObject({ planId, confirmation, comment }),
    output: answer<PlanView>(),
    inTurn: true,
  },
  'plan.reject': {
    risk: 'changes',
    input: z.strictObject({ planId, comment }),
    output: answer<PlanView>(),
    inTurn: true,
  },
  /** Runs an approved plan, or nothing: what moved voids the approval. */
  'run.start': {
    risk: 'changes',
    input: z.strictObject({ planId, confirmation }),
    output: answer<OfRun>(),
    inTurn: true,
  },
  'run.pause': { risk: 'changes', input: confirmedRun, output: answer<ActiveRun>() },
  'run.resume': { risk: 'changes', input: confirmedRun, output: answer<ActiveRun>() },
  'run.abort': { risk: 'changes', input: confirmedRun, output: answer<ActiveRun>() },
  /** Settles a run that was cut off. */
  'run.recover': { risk: 'changes', input: confirmedRun, output: answer<OfRun>() },
  /**
   * Says how each tenant of a run would be rolled back, and what that would lose: rehearsed on scratch copies and counted.
   * `tenants` are names or globs; empty means every tenant that the run moved and that is not back yet.
   */
  'rollback.propose': {
    risk: 'changes',
    input: z.strictObject({ runId, tenants: names }),
    output: answer<RollbackProposal>(),
  },
  /** Undoes a run as it was proposed, for whom it was proposed, or not at all; gives the rollback's own run. */
  'rollback.start': {
    risk: 'changes',
    input: z.strictObject({
      runId,
      rollbackId: planId,
      confirmation,
      /** Why what the proposal names may be lost; null where nothing is. */
      acceptLoss: z.strictObject({ reason: z.string().min(3).max(4_000) }).nullable(),
      /** Whether others' sessions may be ended where a copy takes the place of a database. */
      disconnect: z.boolean(),
    }),
    output: answer<OfRun>(),
  },
  /** What people read beside each phase of a run. */
  'protocol.read': { risk: 'reads', input: nothing, output: answer<ProtocolView>() },
  'run.list': { risk: 'reads', input: nothing, output: answer<readonly RunSummary[]>() },
  /** The id, its unambiguous beginning, or `last`. */
  'run.read': { risk: 'reads', input: ofRun, output: answer<RunView>() },
  /** From now on every event after `afterSeq` is sent to this client as `run.events`. */
  'run.follow': {
    risk: 'reads',
    input: z.strictObject({ runId, afterSeq: count }),
    output: answer<Nothing>(),
  },
  'run.unfollow': { risk: 'reads', input: ofRun, output: answer<Nothing>() },
  'run.compare': {
    risk: 'reads',
    input: z.strictObject({ left: runId, right: runId }),
    output: answer<RunComparison>(),
  },
  /** Opens the log of a run from elsewhere, such as a pipeline's, to be read. */
  'run.import': {
    risk: 'changes',
    input: z.strictObject({ name, text: logText }),
    output: answer<OfRun>(),
  },
  'run.report': { risk: 'reads', input: ofRun, output: answer<{ readonly text: string }>() },
  'log.range': {
    risk: 'reads',
    input: z.strictObject({ runId, filter, from: count, count: count.max(5_000) }),
    output: answer<LogPage>(),
  },
  'log.search': {
    risk: 'reads',
    input: z.strictObject({ runId, filter, query }),
    output: answer<LogMatches>(),
  },
  /** The position, under the filter, of the first error of the first failed gate or tenant; null when nothing failed. */
  'log.firstFailure': {
    risk: 'reads',
    input: z.strictObject({ runId, filter }),
    output: answer<{ readonly position: number | null; readonly line: number | null }>(),
  },
  /** The whole log as it is stored, or as text. */
  'log.download': {
    risk: 'reads',
    input: z.strictObject({ runId, kind: z.enum(['jsonl', 'text']) }),
    output: answer<{ readonly name: string; readonly text: string }>(),
  },
  'preferences.read': { risk: 'reads', input: nothing, output: answer<Preferences>() },
  'preferences.write': {
    risk: 'changes',
    input: z.strictObject({ preferences: preferencesSchema }),
    output: answer<Preferences>(),
  },
  /** Which servers of the open project have a remembered password, and whether any can be remembered here. */
  'secret.state': { risk: 'reads', input: nothing, output: answer<SecretState>() },
  /** Remembers the password of a server, encrypted by the desktop; the only message that carries one. */
  'secret.write': {
    risk: 'changes',
    input: z.strictObject({ server: name, password }),
    output: answer<SecretState>(),
  },
  'secret.forget': {
    risk: 'changes',
    input: z.strictObject({ server: name }),
    output: answer<SecretState>(),
  },
} as const satisfies Readonly<Record<string, RequestSpec>>

type Requests = typeof requests

/** Nobody changes what was asked. */
type Fixed<T> = T extends object ? { readonly [Key in keyof T]: Fixed<T[Key]> } : T

/** The table as types: what each request carries, what it answers, and whether it changes something. */
export type EngineRequests = {
  readonly [Name in keyof Requests]: {
    readonly input: Fixed<z.infer<Requests[Name]['input']>>
    readonly output: OutputIn<Requests[Name]['output']>
    readonly risk: Requests[Name]['risk']
  }
}

type OutputIn<Given> = Given extends Answer<infer Output> ? Output : never

function answer<Output>(): Answer<Output> {
  return {}
}
