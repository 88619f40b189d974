import type { PhaseState, RunState } from '../../shared/run/run-state.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { countOf, listNames } from '../../shared/text/plain-words.ts'

/** What a run waits for now, in words; empty when it waits for nothing that can be named. */
export function describeWaits(state: RunState): string {
  const phase = state.phases.findLast(candidate => candidate.status === 'running')
  return phase === undefined ? '' : describeWait(state, phase)
}

function describeWait(state: RunState, phase: PhaseState): string {
  switch (phase.phase) {
    case 'topology_discovery':
      return 'the servers to answer and the migrations to be read'
    case 'planning':
      return 'the plan'
    case 'safety_gate_validation':
      return waitForGates(state)
    case 'approval':
      return `approval of plan ${state.plan?.planId.slice(0, 12) ?? ''}`.trimEnd()
    case 'rollback_snapshot':
      return 'the fingerprints of the tenants'
    case 'migration_execution':
      return waitForTenants(state)
    case 'replica_sync_validation':
      return waitForStandbys(state, phase.group)
    case 'smoke_test':
      return 'the smoke tests'
    case 'rollback':
      return 'every tenant to be proven as it was'
    default:
      return assertNever(phase.phase)
  }
}

function waitForGates(state: RunState): string {
  const open = state.gates.filter(gate => gate.answer === null).map(gate => gate.gate)
  return open.length === 0 ? 'the gates' : `${open.length === 1 ? 'gate' : 'gates'} ${listNames(open)}`
}

function waitForTenants(state: RunState): string {
  const running = state.tenants.filter(tenant => tenant.status === 'running').map(tenant => tenant.tenant)
  if (running.length > 0) return `${countOf(running.length, 'tenant')} to vote: ${listNames(running)}`
  const open = state.groups.filter(group => group.started && group.result === null)
  const decided = open.find(group => group.decision !== null)
  if (decided) return `group ${decided.group} to ${decided.decision === 'commit' ? 'commit' : 'roll back'}`
  return open.length === 0 ? 'the first tenant to begin' : 'the next tenant to begin'
}

function waitForStandbys(state: RunState, group: string | null): string {
  const behind = state.standbys
    .filter(
      standby => standby.group !== group || (standby.caughtUp === null && standby.promise === undefined),
    )
    .map(standby => standby.server)
  return behind.length === 0 ? 'schemas to be compared' : `${listNames(behind)} to replay`
}
