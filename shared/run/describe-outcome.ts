import { describeFailure } from '../failure/describe-failure.ts'
import { listClosed } from '../plan/plan-selectors.ts'
import { assertNever } from '../text/assert-never.ts'
import { countOf, describeEverybody, formatHeads, listNames } from '../text/plain-words.ts'
import { listHalfway } from './list-halfway.ts'
import type { RunState, TenantStatus } from './run-state.ts'

/** How a run stands or ended, in words a person would say, and the one thing to do next. */
export interface OutcomeWords {
  readonly verdict: string
  readonly next: string
}

/** Says how a run ended, or that it has not; the terminal, `status` and the dashboard say the same. */
export function describeOutcome(state: RunState): OutcomeWords {
  return { verdict: describeVerdictOf(state), next: describeNext(state) }
}

function describeVerdictOf(state: RunState): string {
  const target = formatHeads(state.plan?.target ?? [])
  const { outcome } = state
  switch (outcome) {
    case null:
      return state.runId === null ? 'Not started.' : 'The run has not ended.'
    case 'migrated':
      return state.intent?.verb === 'rollback' ? describeUndone(state) : describeMigrated(state, target)
    case 'nothing_to_do':
      return describeNothing(state, target)
    case 'tool_failed':
      return `Failed: ${failureOf(state)}`
    case 'config_invalid':
      return `Not begun: ${failureOf(state)} Nothing was changed.`
    case 'stopped_by_gate':
      return `${failureOf(state)} Nothing was changed.`
    case 'approval_refused':
      return state.proofs.length === 0
        ? `${failureOf(state)} Nothing was changed.`
        : `${failureOf(state)} Nothing was changed: ${describeProofs(state)}`
    case 'rolled_back':
      return `${state.intent?.verb === 'rollback' ? 'Not rolled back' : 'Rolled back'}: ${describeProofs(state)}`
    case 'needs_human':
      return `A human is needed: ${describeDoubt(state)}`
    case 'locked':
      return `Not begun: ${failureOf(state)}`
    case 'interrupted':
    case 'terminated':
    case 'hung_up':
      return `Interrupted: ${describeProofs(state)}`
    default:
      return assertNever(outcome)
  }
}

function describeMigrated(state: RunState, target: string): string {
  const moved = countTenants(state, 'committed')
  const there = moved + countTenants(state, 'up_to_date')
  const all = countOf(state.tenants.length, 'tenant')
  const { every, others } = describeEverybody(state.plan ? listClosed(state.plan) : [])
  const rest = there === state.tenants.length ? `${every} is there.` : `${there} of ${all} are there.`
  return `Migrated: ${countOf(moved, 'tenant')} to ${target}; ${rest}${others}`
}

function describeNothing({ plan }: RunState, target: string): string {
  const { every, others } = describeEverybody(plan ? listClosed(plan) : [])
  return `Nothing to do: ${every} is at ${target}.${others}`
}

function describeUndone(state: RunState): string {
  const moved = countTenants(state, 'committed')
  return `Rolled back run ${state.intent?.undoes ?? ''}: ${countOf(moved, 'tenant')} proven to be as before it.`
}

function describeProofs(state: RunState): string {
  if (state.proofs.length === 0) return 'nothing was changed.'
  const equal = state.proofs.filter(proof => proof.equal).length
  return equal === state.proofs.length
    ? `${countOf(equal, 'tenant')} proven to be as before.`
    : `${equal} of ${countOf(state.proofs.length, 'tenant')} proven to be as before.`
}

/** Names the tenants that a person has to look at, before the numbers. */
function describeDoubt(state: RunState): string {
  const halfway = listHalfway(state)
  const between = halfway.length === 0 ? '' : `with steps left: ${listNames(halfway, 10)}. `
  const doubtful = findDoubtful(state).filter(one => !halfway.includes(one))
  const unsettled = doubtful.length === 0 ? '' : `not settled: ${listNames(doubtful, 10)}. `
  return `${between}${unsettled}${describeMixture(state)}`
}

/** Who is where, in the order of the plan; as before is only who is proven to be. */
function describeMixture(state: RunState): string {
  const proven = new Set(state.proofs.filter(proof => proof.equal).map(proof => proof.tenant))
  const moved = state.tenants.filter(one => one.status === 'committed').map(one => one.tenant)
  const kept = state.tenants.map(one => one.tenant).filter(one => proven.has(one) && !moved.includes(one))
  const names = moved.length === 0 ? '' : `: ${listNames(moved, 10)}`
  const rest = kept.length === 0 ? '' : ` As before: ${listNames(kept, 10)}.`
  return `${moved.length} of ${countOf(state.tenants.length, 'tenant')} migrated${names}.${rest}`
}

function findDoubtful(state: RunState): readonly string[] {
  const open: readonly TenantStatus[] = ['unsettled', 'prepared', 'running']
  const unsettled = state.tenants.filter(tenant => open.includes(tenant.status)).map(tenant => tenant.tenant)
  const unproven = state.proofs.filter(proof => !proof.equal).map(proof => proof.tenant)
  return [...new Set([...unsettled, ...unproven])]
}

function describeNext(state: RunState): string {
  const run = state.runId ?? ''
  const { outcome } = state
  switch (outcome) {
    case null:
      return state.runId === null ? '' : `lockstep status, or after a crash: lockstep recover ${run}`
    case 'migrated':
    case 'interrupted':
    case 'terminated':
    case 'hung_up':
      return `lockstep report ${run}`
    case 'nothing_to_do':
      return ''
    case 'tool_failed':
    case 'config_invalid':
    case 'approval_refused':
    case 'locked':
      return fixOf(state) || `lockstep log ${run}`
    case 'stopped_by_gate':
      return firstRemedy(state) || fixOf(state) || `lockstep report ${run}`
    case 'rolled_back':
      return fixOf(state) || `lockstep report ${run}`
    case 'needs_human':
      // Only a person with that role can do anything; recovering again cannot.
      if (state.failure?.kind === 'vote_of_another_role') return fixOf(state)
      return findDoubtful(state).length > 0
        ? describeWayOut(state, run)
        : fixOf(state) || `lockstep report ${run}`
    default:
      return assertNever(outcome)
  }
}

/** Votes that a person has to decide on come with their commands; with steps that are left, another run goes on. */
function describeWayOut(state: RunState, run: string): string {
  if (state.failure?.kind === 'votes_undecided' || state.failure?.kind === 'steps_left') return fixOf(state)
  return `lockstep recover ${run}, once the cause is gone`
}

function firstRemedy(state: RunState): string {
  const stopping = state.gates.find(
    gate => gate.answer?.verdict === 'failed' || gate.answer?.verdict === 'inconclusive',
  )
  return stopping?.answer?.remedy ?? ''
}

function failureOf(state: RunState): string {
  if (state.failure === null) return ''
  const { what } = describeFailure(state.failure)
  return /[.?]$/.test(what) ? what : `${what}.`
}

function fixOf(state: RunState): string {
  return state.failure === null ? '' : describeFailure(state.failure).fix
}

function countTenants(state: RunState, status: TenantStatus): number {
  return state.tenants.filter(tenant => tenant.status === status).length
}
