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

/** What is asked before a request that changes something: first whether anything may be changed, then each check. */
interface Guard<Input> {
  /** What it does, where nothing may be changed. */
  readonly writes: string
  /** What the sentences of its checks call it. */
  readonly action: string
  readonly checks: readonly Check<Input>[]
}

/** One reason to refuse. */
type Check<Input> = (facts: GuardFacts, input: Input, action: string) => Failure | null

/** One guard for each request that changes something: the compiler refuses a request without one. Null: it is always allowed. */
const guards: { readonly [Name in ChangingRequest]: Guard<InputOf<Name>> | null } = {
  'project.open': {
    writes: 'open another project',
    action: 'open another project',
    checks: [refuseWhileAtWork],
  },
  'demo.open': { writes: 'start the sandbox', action: 'open the sandbox', checks: [refuseWhileAtWork] },
  'plan.make': { writes: 'make a plan', action: 'plan', checks: [refuseWithoutProject] },
  'plan.check': {
    writes: 'check the gates',
    action: 'check',
    checks: [refuseWithoutProject, refuseUnknownPlan],
  },
  'plan.rehearse': {
    writes: 'rehearse the plan',
    action: 'rehearse',
    checks: [refuseWithoutProject, refuseUnknownPlan],
  },
  'plan.approve': {
    writes: 'approve a plan',
    action: 'approve',
    checks: [refuseDecided, confirmed('approve')],
  },
  'plan.reject': { writes: 'reject a plan', action: 'reject', checks: [refuseDecided, refuseWithoutComment] },
  'run.start': {
    writes: 'start a run',
    action: 'apply',
    checks: [refuseUnapproved, refuseWhileAtWork, confirmed('apply')],
  },
  'run.pause': {
    writes: 'pause a run',
    action: 'pause',
    checks: [controlled('running'), confirmed('pause')],
  },
  'run.resume': {
    writes: 'resume a run',
    action: 'resume',
    checks: [controlled('pausing', 'paused'), confirmed('resume')],
  },
  'run.abort': {
    writes: 'abort a run',
    action: 'abort',
    checks: [controlled('running', 'pausing', 'paused'), confirmed('abort')],
  },
  'run.recover': {
    writes: 'recover a run',
    action: 'recover',
    checks: [refuseWhileAtWork, refuseUnlessCutOff, confirmed('recover')],
  },
  'rollback.propose': {
    writes: 'propose a rollback',
    action: 'propose a rollback',
    checks: [refuseWithoutProject, refuseWhileAtWork, refuseUnlessCommitted],
  },
  'rollback.start': {
    writes: 'roll back',
    action: 'roll back',
    checks: [refuseWhileAtWork, refuseUnlessCommitted, confirmed('roll_back')],
  },
  'run.import': { writes: 'keep a run from a file', action: 'import', checks: [] },
  'preferences.write': null,
  'secret.write': { writes: 'remember a password', action: 'remember', checks: [refuseWithoutProject] },
  'secret.forget': { writes: 'forget a password', action: 'forget', checks: [refuseWithoutProject] },
}

/** Says why a request that changes something is refused, or null; regardless of who asks, and of what a screen showed. */
export function guardRequest<Name extends RequestName>(
  name: Name,
  input: InputOf<Name>,
  facts: GuardFacts,
): Failure | null {
  const guard = guardOf[name]
  if (!guard) return null
  if (facts.readOnly) return { kind: 'read_only', action: guard.writes }
  for (const check of guard.checks) {
    const refusal = check(facts, input, guard.action)
    if (refusal !== null) return refusal
  }
  return null
}

/** What only reads has none. */
const guardOf: { readonly [Name in RequestName]?: Guard<InputOf<Name>> | null } = guards

interface OfPlan {
  readonly planId: string
}

interface OfRun {
  readonly runId: string
}

function refuseWithoutProject({ environment }: GuardFacts): Failure | null {
  return environment === null ? { kind: 'project_missing' } : null
}

function refuseWhileAtWork({ activeRun }: GuardFacts, _input: unknown, action: string): Failure | null {
  return activeRun ? notPossible(action, `Run ${activeRun.runId} is at work.`) : null
}

function refuseUnknownPlan({ plan }: GuardFacts, { planId }: OfPlan): Failure | null {
  return plan === null ? { kind: 'plan_unknown', planId } : null
}

function refuseDecided({ plan }: GuardFacts, { planId }: OfPlan, action: string): Failure | null {
  if (plan === null) return { kind: 'plan_unknown', planId }
  return plan.state === 'waiting' ? null : notPossible(action, `The plan is ${plan.state} already.`)
}

function refuseWithoutComment(
  _facts: GuardFacts,
  { comment }: { readonly comment: string },
  action: string,
): Failure | null {
  return comment.trim().length >= 3 ? null : notPossible(action, 'Say in a comment why the plan is rejected.')
}

function refuseUnapproved({ plan }: GuardFacts, { planId }: OfPlan, action: string): Failure | null {
  if (plan === null) return { kind: 'plan_unknown', planId }
  switch (plan.state) {
    case 'approved':
      return null
    case 'waiting':
      return { kind: 'approval_missing', planId }
    default:
      return notPossible(action, `The plan is ${plan.state} already: make a new one.`)
  }
}

function controlled(...states: readonly ActiveRun['control'][]): Check<OfRun> {
  return ({ activeRun }, { runId }, action) => {
    if (activeRun?.runId !== runId) return notPossible(action, 'The run is not at work in this engine.')
    return states.includes(activeRun.control) ? null : notPossible(action, `The run is ${activeRun.control}.`)
  }
}

function refuseUnlessCutOff(
  { run, isPutRight }: GuardFacts,
  { runId }: OfRun,
  action: string,
): Failure | null {
  if (run === null) return { kind: 'run_unknown', runId, known: [] }
  if (run.isImported) return notPossible(action, 'A run from a file is only read.')
  if (run.alive) return notPossible(action, 'Its process is alive.')
  if (isPutRight === true) return notPossible(action, 'Later runs have put right what it left.')
  const canBe = run.outcome === null || run.outcome === 'needs_human'
  return canBe ? null : notPossible(action, 'The run came to its end: there is nothing to settle.')
}

/** In the words of a rollback also where one is only proposed. */
function refuseUnlessCommitted({ run }: GuardFacts, { runId }: OfRun): Failure | null {
  const action = 'roll back'
  if (run === null) return { kind: 'run_unknown', runId, known: [] }
  if (run.isImported) return notPossible(action, 'A run from a file is only read.')
  if (run.outcome === null) return notPossible(action, 'The run has not come to its end.')
  if (run.undoes) return notPossible(action, 'The run is a rollback itself.')
  return mayHaveCommitted(run) ? null : notPossible(action, 'The run committed nothing.')
}

function confirmed(action: Action): Check<{ readonly confirmation: Confirmation | null }> {
  return ({ environment }, { confirmation }) =>
    environment === null ? { kind: 'project_missing' } : refuseUnconfirmed(action, environment, confirmation)
}

function notPossible(action: string, reason: string): Failure {
  return { kind: 'not_possible', action, reason }
}
