import type { ChangingRequest, InputOf, RequestName } from '../../../shared/api/engine-api.ts'
import type { PlanRecord } from '../../../shared/api/plan-view.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import type { ActiveRun } from '../../../shared/api/session-view.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import type { Action, Confirmation } from '../../../shared/plan/confirmation-level.ts'
import type { Environment } from '../../../shared/plan/environment.ts'
import { mayHaveCommitted } from '../open-runs/may-have-committed.ts'
import { refuseUnconfirmed } from './refuse-unconfirmed.ts'

/** What a guard looks at: read again for every request. */
export interface GuardFacts {
  readonly readOnly: boolean
  /** Null while no project is open. */
  readonly environment: Environment | null
  /** The run of this engine that is at work. */
  readonly activeRun: ActiveRun | null
  /** What the request is about, where it is about a plan or a run. */
  readonly plan: PlanRecord | null
  readonly run: RunSummary | null
  /** Whether later runs have put right what that run left. */
  readonly isPutRight?: boolean
}

type Guard<Name extends RequestName> = (facts: GuardFacts, input: InputOf<Name>) => Failure | null

/** One guard for each request that changes something: the compiler refuses a request without one. */
const guards: { readonly [Name in ChangingRequest]: Guard<Name> } = {
  'project.open': facts =>
    refuseWriting(facts, 'open another project') ?? refuseWhileAtWork(facts, 'open another project'),
  'demo.open': facts =>
    refuseWriting(facts, 'start the sandbox') ?? refuseWhileAtWork(facts, 'open the sandbox'),
  'plan.make': facts => refuseWriting(facts, 'make a plan') ?? refuseWithoutProject(facts),
  'plan.check': (facts, input) =>
    refuseWriting(facts, 'check the gates') ??
    refuseWithoutProject(facts) ??
    (facts.plan === null ? { kind: 'plan_unknown', planId: input.planId } : null),
  'plan.rehearse': (facts, input) =>
    refuseWriting(facts, 'rehearse the plan') ??
    refuseWithoutProject(facts) ??
    (facts.plan === null ? { kind: 'plan_unknown', planId: input.planId } : null),
  'plan.approve': (facts, input) =>
    refuseWriting(facts, 'approve a plan') ??
    refuseDecided(facts, 'approve', input.planId) ??
    refuseWithoutConfirmation(facts, 'approve', input.confirmation),
  'plan.reject': (facts, input) =>
    refuseWriting(facts, 'reject a plan') ??
    refuseDecided(facts, 'reject', input.planId) ??
    (input.comment.trim().length >= 3
      ? null
      : notPossible('reject', 'Say in a comment why the plan is rejected.')),
  'run.start': (facts, input) =>
    refuseWriting(facts, 'start a run') ??
    refuseUnapproved(facts, input.planId) ??
    refuseWhileAtWork(facts, 'apply') ??
    refuseWithoutConfirmation(facts, 'apply', input.confirmation),
  'run.pause': (facts, input) =>
    refuseWriting(facts, 'pause a run') ??
    refuseUnlessControlled(facts, input.runId, 'pause', ['running']) ??
    refuseWithoutConfirmation(facts, 'pause', input.confirmation),
  'run.resume': (facts, input) =>
    refuseWriting(facts, 'resume a run') ??
    refuseUnlessControlled(facts, input.runId, 'resume', ['pausing', 'paused']) ??
    refuseWithoutConfirmation(facts, 'resume', input.confirmation),
  'run.abort': (facts, input) =>
    refuseWriting(facts, 'abort a run') ??
    refuseUnlessControlled(facts, input.runId, 'abort', ['running', 'pausing', 'paused']) ??
    refuseWithoutConfirmation(facts, 'abort', input.confirmation),
  'run.recover': (facts, input) =>
    refuseWriting(facts, 'recover a run') ??
    refuseWhileAtWork(facts, 'recover') ??
    refuseUnlessCutOff(facts, input.runId) ??
    refuseWithoutConfirmation(facts, 'recover', input.confirmation),
  'rollback.propose': (facts, input) =>
    refuseWriting(facts, 'propose a rollback') ??
    refuseWithoutProject(facts) ??
    refuseWhileAtWork(facts, 'propose a rollback') ??
    refuseUnlessCommitted(facts, input.runId),
  'rollback.start': (facts, input) =>
    refuseWriting(facts, 'roll back') ??
    refuseWhileAtWork(facts, 'roll back') ??
    refuseUnlessCommitted(facts, input.runId) ??
    refuseWithoutConfirmation(facts, 'roll_back', input.confirmation),
  'run.import': facts => refuseWriting(facts, 'keep a run from a file'),
  'preferences.write': () => null,
  'secret.write': facts => refuseWriting(facts, 'remember a password') ?? refuseWithoutProject(facts),
  'secret.forget': facts => refuseWriting(facts, 'forget a password') ?? refuseWithoutProject(facts),
}

/** Says why a request that changes something is refused, or null; regardless of who asks, and of what a screen showed. */
export function guardRequest<Name extends RequestName>(
  name: Name,
  input: InputOf<Name>,
  facts: GuardFacts,
): Failure | null {
  return guardOf[name]?.(facts, input) ?? null
}

/** What only reads has none. */
const guardOf: { readonly [Name in RequestName]?: Guard<Name> } = guards

function refuseWriting({ readOnly }: GuardFacts, action: string): Failure | null {
  return readOnly ? { kind: 'read_only', action } : null
}

function refuseWithoutProject({ environment }: GuardFacts): Failure | null {
  return environment === null ? { kind: 'project_missing' } : null
}

function refuseWhileAtWork({ activeRun }: GuardFacts, action: string): Failure | null {
  return activeRun ? notPossible(action, `Run ${activeRun.runId} is at work.`) : null
}

function refuseDecided({ plan }: GuardFacts, action: string, planId: string): Failure | null {
  if (plan === null) return { kind: 'plan_unknown', planId }
  return plan.state === 'waiting' ? null : notPossible(action, `The plan is ${plan.state} already.`)
}

function refuseUnapproved({ plan }: GuardFacts, planId: string): Failure | null {
  if (plan === null) return { kind: 'plan_unknown', planId }
  switch (plan.state) {
    case 'approved':
      return null
    case 'waiting':
      return { kind: 'approval_missing', planId }
    default:
      return notPossible('apply', `The plan is ${plan.state} already: make a new one.`)
  }
}

function refuseUnlessControlled(
  { activeRun }: GuardFacts,
  runId: string,
  action: string,
  states: readonly ActiveRun['control'][],
): Failure | null {
  if (activeRun?.runId !== runId) return notPossible(action, 'The run is not at work in this engine.')
  return states.includes(activeRun.control) ? null : notPossible(action, `The run is ${activeRun.control}.`)
}

function refuseUnlessCutOff({ run, isPutRight }: GuardFacts, runId: string): Failure | null {
  if (run === null) return { kind: 'run_unknown', runId, known: [] }
  if (run.isImported) return notPossible('recover', 'A run from a file is only read.')
  if (run.alive) return notPossible('recover', 'Its process is alive.')
  if (isPutRight === true) return notPossible('recover', 'Later runs have put right what it left.')
  const canBe = run.outcome === null || run.outcome === 'needs_human'
  return canBe ? null : notPossible('recover', 'The run came to its end: there is nothing to settle.')
}

function refuseUnlessCommitted({ run }: GuardFacts, runId: string): Failure | null {
  if (run === null) return { kind: 'run_unknown', runId, known: [] }
  if (run.isImported) return notPossible('roll back', 'A run from a file is only read.')
  if (run.outcome === null) return notPossible('roll back', 'The run has not come to its end.')
  if (run.undoes) return notPossible('roll back', 'The run is a rollback itself.')
  return mayHaveCommitted(run) ? null : notPossible('roll back', 'The run committed nothing.')
}

function refuseWithoutConfirmation(
  { environment }: GuardFacts,
  action: Action,
  confirmation: Confirmation | null,
): Failure | null {
  if (environment === null) return { kind: 'project_missing' }
  return refuseUnconfirmed(action, environment, confirmation)
}

function notPossible(action: string, reason: string): Failure {
  return { kind: 'not_possible', action, reason }
}
