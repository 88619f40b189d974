import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import type { NextAction, Readiness } from '../../../shared/plan/readiness.ts'
import type { GateAnswer } from '../../../shared/plan/verdict.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { countOf, describeEverybody, formatHeads } from '../../../shared/text/plain-words.ts'
import type { OpenRun } from '../../engine/open-runs/find-open-runs.ts'

/** Everything that the answer to "may I migrate now?" follows from. */
export interface ReadinessFacts {
  readonly hasProject: boolean
  /** Why servers or tenants could not be read; null when they were. */
  readonly failure: Failure | null
  /** Why a run would be refused: votes are open, or a run has no end. */
  readonly blocked: Failure | null
  readonly activeRun: {
    readonly runId: string
    readonly control: 'running' | 'pausing' | 'paused' | 'aborting'
  } | null
  /** The newest run that ended in need of a person, and that no later one has put right. */
  readonly unproven: Pick<OpenRun, 'runId' | 'hasStepsLeft'> | null
  /** Null when it could not be planned. */
  readonly fleet: {
    readonly target: readonly string[]
    readonly tenants: number
    readonly behind: number
    /** Closed databases that are passed over. */
    readonly closed?: readonly string[]
  } | null
  /** The newest plan that was not started, rejected or voided, and its gates where they were judged. */
  readonly plan: {
    readonly planId: string
    readonly state: 'waiting' | 'approved'
    readonly tenants: number
    readonly target: readonly string[]
    readonly gates: readonly { readonly gate: string; readonly answer: GateAnswer }[]
  } | null
}

/** The verdict, the reason in words and the one next action: a pure function of the facts. */
export function judgeReadiness(facts: ReadinessFacts): Readiness {
  const { activeRun, unproven, fleet, plan } = facts
  if (!facts.hasProject) return judge('no_project', 'No project is open.', { kind: 'choose_project' })
  if (activeRun) return judgeActive(activeRun)
  if (facts.blocked) return judgeBlocked(facts.blocked)
  if (unproven !== null) {
    const { runId, hasStepsLeft } = unproven
    if (hasStepsLeft) {
      const reason = `Run ${runId} has steps left that ran outside a transaction: another run goes on with them.`
      return judge('needs_human', reason, { kind: 'make_plan' })
    }
    const reason = `Run ${runId} left a mixed or unproven state: a human is needed.`
    return judge('needs_human', reason, { kind: 'recover', runId })
  }
  if (facts.failure) return judge('blocked', describeFailure(facts.failure).what, { kind: 'open_topology' })
  const stopping = plan?.gates.find(
    ({ answer }) => answer.verdict === 'failed' || answer.verdict === 'inconclusive',
  )
  if (plan && stopping) {
    return judge('blocked', describeGate(stopping.gate, stopping.answer), {
      kind: 'open_plan',
      planId: plan.planId,
    })
  }
  if (plan) return judgePlan(plan)
  if (fleet === null)
    return judge('blocked', 'The revisions of the tenants are not known.', { kind: 'open_topology' })
  const target = formatHeads(fleet.target)
  const { every, others } = describeEverybody(fleet.closed ?? [])
  if (fleet.behind === 0) {
    const subject = `${every.charAt(0).toUpperCase()}${every.slice(1)}`
    const reason = `${subject} is at ${target}: ${countOf(fleet.tenants, 'tenant')}.${others}`
    return judge('up_to_date', reason, { kind: 'none' })
  }
  return judge(
    'ready',
    `${fleet.behind} of ${countOf(fleet.tenants, 'tenant')} ${fleet.behind === 1 ? 'is' : 'are'} behind ${target}.${others}`,
    { kind: 'make_plan' },
  )
}

function judge(verdict: Readiness['verdict'], reason: string, action: NextAction): Readiness {
  return { verdict, reason, action }
}

function judgeActive({ runId, control }: NonNullable<ReadinessFacts['activeRun']>): Readiness {
  const action: NextAction = { kind: 'open_run', runId, part: 'overview' }
  switch (control) {
    case 'running':
      return judge('running', 'A run is at work.', action)
    case 'pausing':
      return judge('running', 'A run is at work, and pauses where nothing is prepared.', action)
    case 'paused':
      return judge('running', 'A run is paused.', action)
    case 'aborting':
      return judge('running', 'A run is being aborted: what has begun is rolled back.', action)
    default:
      return assertNever(control)
  }
}

function judgeBlocked(failure: Failure): Readiness {
  if (failure.kind === 'run_unfinished') {
    if (failure.project !== undefined)
      return judge('blocked', describeFailure(failure).what, { kind: 'none' })
    const prepared = failure.prepared.length
    const held =
      prepared === 0
        ? ''
        : ` ${countOf(prepared, 'tenant')} ${prepared === 1 ? 'is' : 'are'} prepared and locked.`
    const closed = failure.closed?.length ?? 0
    const shut =
      closed === 0
        ? ''
        : ` ${countOf(closed, 'tenant')} ${closed === 1 ? 'is' : 'are'} closed to all connections.`
    return judge('needs_human', `A run was cut off before its end.${held}${shut}`, {
      kind: 'recover',
      runId: failure.runId,
    })
  }
  return judge('blocked', describeFailure(failure).what, { kind: 'none' })
}

function judgePlan(plan: NonNullable<ReadinessFacts['plan']>): Readiness {
  const what = `${countOf(plan.tenants, 'tenant')} to ${formatHeads(plan.target)}`
  const action: NextAction = { kind: 'open_plan', planId: plan.planId }
  return plan.state === 'waiting'
    ? judge('waiting_for_approval', `A plan for ${what} waits for approval.`, action)
    : judge('ready', `A plan for ${what} is approved and can be applied.`, action)
}

/** Names the first piece of evidence: "cedar: 2 orphan rows (gate foreign_keys)". */
function describeGate(gate: string, answer: GateAnswer): string {
  const [first] = answer.evidence
  const subject = first?.tenant ?? first?.server
  const fact = first ? (subject === undefined ? first.fact : `${subject}: ${first.fact}`) : answer.value
  const words = fact.endsWith('.') ? fact.slice(0, -1) : fact
  return `${words} (gate ${gate}${answer.verdict === 'inconclusive' ? ' could not be judged' : ''}).`
}
