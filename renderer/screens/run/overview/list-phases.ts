import { type PhaseName, phaseNames } from '../../../../shared/run/phase.ts'
import type { PhaseState, RunState, TenantState } from '../../../../shared/run/run-state.ts'
import { millisecondsBetween } from '../../../../shared/text/milliseconds-between.ts'
import { type Status, statusOfPhase } from '../../../status/status.ts'
import { isThrough } from '../header/describe-run.ts'

/** A stop of the phase rail: a phase, or one group's part of it. */
export interface PhaseStop {
  readonly phase: PhaseName
  /** Null for the phase as a whole. */
  readonly group: string | null
  readonly title: string
  readonly status: Status
  readonly word: string
  readonly startedAt: string | null
  readonly durationMs: number | null
  readonly message: string
  readonly progress: { readonly done: number; readonly total: number } | null
  /** What is left, when at least twenty tenants say how long one takes. */
  readonly remainingMs: number | null
  readonly steps: readonly PhaseStop[]
}

const titles: Readonly<Record<PhaseName, string>> = {
  topology_discovery: 'Topology',
  planning: 'Planning',
  safety_gate_validation: 'Gates',
  approval: 'Approval',
  rollback_snapshot: 'Snapshot',
  migration_execution: 'Migrate',
  replica_sync_validation: 'Replicas',
  smoke_test: 'Smoke tests',
  rollback: 'Rollback',
}

/** Below this many samples, a guess of the time left would be one. */
const leastSamples = 20

/** Every phase of a run in its order, also those that were not reached, with groups as its steps. `now` is RFC 3339. */
export function listPhases(state: RunState, isAlive: boolean, now: string): readonly PhaseStop[] {
  return phaseNames.map(phase => {
    const seen = state.phases.filter(one => one.phase === phase)
    const groups = [...new Set(seen.flatMap(({ group }) => group ?? []))]
    const planned = phase === 'migration_execution' ? state.groups.map(({ group }) => group) : []
    const names = [...new Set([...planned, ...groups])]
    const steps =
      names.length > 0 && phase !== 'rollback'
        ? names.map(group =>
            toStop(
              state,
              phase,
              group,
              seen.filter(one => one.group === group),
              isAlive,
              now,
            ),
          )
        : []
    return { ...toStop(state, phase, null, seen, isAlive, now), steps }
  })
}

function toStop(
  state: RunState,
  phase: PhaseName,
  group: string | null,
  seen: readonly PhaseState[],
  isAlive: boolean,
  now: string,
): PhaseStop {
  const status = statusOf(seen, state, phase, group, isAlive)
  const startedAt = seen[0]?.startedAt ?? null
  const progress = progressOf(state, phase, group)
  const isRunning = status === 'running'
  return {
    phase,
    group,
    title: group === null ? titles[phase] : `group ${group}`,
    status,
    word: wordOf(status, state, phase),
    startedAt,
    durationMs: isRunning && startedAt !== null ? millisecondsBetween(startedAt, now) : durationOf(seen),
    message: seen.findLast(one => one.message !== '')?.message ?? '',
    progress,
    remainingMs: isRunning && startedAt !== null ? remainingOf(progress, startedAt, now) : null,
    steps: [],
  }
}

function statusOf(
  seen: readonly PhaseState[],
  state: RunState,
  phase: PhaseName,
  group: string | null,
  isAlive: boolean,
): Status {
  const last = seen.at(-1)
  if (last === undefined) return state.outcome === null && phase !== 'rollback' ? 'pending' : 'skipped'
  if (seen.some(one => one.status === 'failed')) return 'failed'
  const open = seen.find(one => one.status === 'running')
  if (open) return isAlive ? 'running' : 'errored'
  const isPartly = group === null && phase === 'migration_execution' && isAlive
  if (isPartly && state.groups.some(one => one.result === null)) return 'running'
  return statusOfPhase(last.status)
}

function wordOf(status: Status, state: RunState, phase: PhaseName): string {
  switch (status) {
    case 'passed':
      return 'done'
    case 'errored':
      return 'cut off'
    case 'skipped':
      if (phase === 'rollback') return state.outcome === null ? 'only if needed' : 'not needed'
      return state.outcome === null ? 'skipped' : 'not reached'
    default:
      return status
  }
}

function durationOf(seen: readonly PhaseState[]): number | null {
  const known = seen.flatMap(({ durationMs }) => durationMs ?? [])
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0)
}

function progressOf(state: RunState, phase: PhaseName, group: string | null): PhaseStop['progress'] {
  const tenants = state.tenants.filter(tenant => group === null || tenant.group === group)
  switch (phase) {
    case 'safety_gate_validation':
      return share(state.gates.filter(gate => gate.answer !== null).length, state.gates.length)
    case 'rollback_snapshot':
      return share(state.counters.snapshots, Math.max(state.counters.snapshots, countMoving(tenants)))
    case 'migration_execution':
      return share(tenants.filter(isThrough).length, tenants.length)
    case 'rollback':
      return share(state.proofs.filter(proof => proof.equal).length, state.proofs.length)
    default:
      return null
  }
}

function countMoving(tenants: readonly TenantState[]): number {
  return tenants.filter(tenant => tenant.status !== 'up_to_date').length
}

function share(done: number, total: number): PhaseStop['progress'] {
  return total === 0 ? null : { done, total }
}

function remainingOf(progress: PhaseStop['progress'], startedAt: string, now: string): number | null {
  if (progress === null || progress.done < leastSamples || progress.done >= progress.total) return null
  return (millisecondsBetween(startedAt, now) / progress.done) * (progress.total - progress.done)
}
