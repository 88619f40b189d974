import type { RunView } from '../../../../shared/api/run-view.ts'
import { describeOutcome } from '../../../../shared/run/describe-outcome.ts'
import type { PhaseName } from '../../../../shared/run/phase.ts'
import type { RunState, TenantState } from '../../../../shared/run/run-state.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { type Status, statusOfOutcome } from '../../../status/status.ts'

/** Where a run is in its life: what may be pressed and what is said follow from it. */
export type RunStage = 'at_work' | 'cut_off' | 'ended'

/** The stage of a run; one without an end whose process has gone was cut off. */
export function stageOf({ state, summary }: Pick<RunView, 'state' | 'summary'>): RunStage {
  if (state.outcome !== null) return 'ended'
  return summary.alive ? 'at_work' : 'cut_off'
}

/** The answer of the page in one sentence: how it ended, or what it does now. */
export function describeRun(view: RunView): { readonly verdict: string; readonly next: string } {
  const stage = stageOf(view)
  switch (stage) {
    case 'ended':
      return describeOutcome(view.state)
    case 'cut_off':
      return {
        verdict: describeCutOff(view.state),
        next: 'Recover the run: it is settled from what its log and the servers say.',
      }
    case 'at_work':
      return { verdict: describeWork(view), next: describeNextOfWork(view) }
    default:
      return assertNever(stage)
  }
}

/** The state of the whole run, for its mark. */
export function statusOfRun(view: RunView): Status {
  if (stageOf(view) === 'at_work' && isHeld(view)) return 'waiting'
  return statusOfOutcome(view.state.outcome, view.summary.alive)
}

/** Says whether a pause has taken effect. */
export function isHeld({ state, control }: Pick<RunView, 'state' | 'control'>): boolean {
  return (
    control === 'paused' || (control === 'running' && state.pause !== null && state.pause.before !== null)
  )
}

/** Tenants whose transaction is prepared: they hold locks until they are settled. */
export function findPrepared(state: RunState): readonly TenantState[] {
  return state.tenants.filter(tenant => tenant.status === 'prepared')
}

function describeCutOff(state: RunState): string {
  const prepared = findPrepared(state).length
  if (prepared > 0) {
    const are = prepared === 1 ? 'is' : 'are'
    return `The engine ended in the middle of it: ${countOf(prepared, 'tenant')} ${are} prepared and locked.`
  }
  const open = state.tenants.filter(tenant => tenant.status === 'running').length
  if (open > 0) return `The engine ended in the middle of it: ${countOf(open, 'tenant')} had begun.`
  return state.groups.some(group => group.started)
    ? 'The engine ended in the middle of it.'
    : 'The engine ended before the first tenant was begun.'
}

function describeWork(view: RunView): string {
  const { state, control } = view
  const asked = state.pause?.by ? `, asked by ${state.pause.by}` : ''
  if (control === 'aborting') return 'Aborting: nothing new starts, what has begun is rolled back and proven.'
  if (isHeld(view)) return `Paused before ${state.pause?.before ?? 'the next step'}${asked}.`
  if (control === 'pausing' || state.pause !== null) {
    return `Pausing${asked}: the tenants at work finish first.`
  }
  const current = state.phases.findLast(phase => phase.status === 'running')
  if (current === undefined) return 'Running: between two phases.'
  return describePhase(state, current.phase, current.group)
}

function describePhase(state: RunState, phase: PhaseName, group: string | null): string {
  switch (phase) {
    case 'topology_discovery':
      return 'Running: asking servers and tenants for their state.'
    case 'planning':
      return 'Running: planning.'
    case 'safety_gate_validation': {
      const answered = state.gates.filter(gate => gate.answer !== null).length
      if (state.gates.length === 0) return 'Running: judging gates.'
      return `Running: judging gates, ${answered} of ${countOf(state.gates.length, 'gate')} answered.`
    }
    case 'approval':
      return 'Waiting for approval.'
    case 'rollback_snapshot':
      return `Running: taking snapshots, ${state.counters.snapshots} of ${countOf(state.tenants.length, 'tenant')}.`
    case 'migration_execution':
      return describeMigration(state, group)
    case 'replica_sync_validation':
      return 'Running: waiting for the standbys to follow.'
    case 'smoke_test':
      return 'Running: smoke tests.'
    case 'rollback':
      return `Rolling back: ${countOf(state.proofs.length, 'tenant')} proven so far.`
    default:
      return assertNever(phase)
  }
}

function describeMigration(state: RunState, name: string | null): string {
  const tenants = state.tenants.filter(tenant => name === null || tenant.group === name)
  const done = tenants.filter(isThrough).length
  const failed = tenants.filter(tenant => tenant.status === 'failed').length
  const trouble = failed > 0 ? `, ${failed} failed` : ''
  const verb = state.intent?.verb === 'rollback' ? 'Rolling back' : 'Migrating'
  const what = name === null ? verb : `${verb} group ${name}`
  return `${what}: ${done} of ${countOf(tenants.length, 'tenant')} through${trouble}.`
}

/** A tenant that has voted, or has nothing more to do. */
export function isThrough({ status }: TenantState): boolean {
  return status !== 'waiting' && status !== 'running'
}

function describeNextOfWork(view: RunView): string {
  if (isHeld(view)) return 'Resume the run, or abort it.'
  return view.control === 'aborting' ? 'Wait for the proof.' : ''
}
