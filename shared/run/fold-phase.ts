import { readVolatileNumber } from '../text/volatile.ts'
import type { EventOf, PhaseState, RunState } from './run-state.ts'

/** Opens one more occurrence of a phase. */
export function startPhase(state: RunState, event: EventOf<'phase.started'>): RunState {
  const started: PhaseState = {
    phase: event.phase,
    group: event.group,
    status: 'running',
    message: '',
    startedAt: event.at,
    finishedAt: null,
    durationMs: null,
  }
  return { ...state, phases: [...state.phases, started] }
}

/** Closes the last open occurrence of a phase; one that was never opened is entered as it ended. */
export function finishPhase(state: RunState, event: EventOf<'phase.finished'>): RunState {
  const index = state.phases.findLastIndex(
    phase => phase.phase === event.phase && phase.group === event.group && phase.status === 'running',
  )
  const startedAt = state.phases[index]?.startedAt ?? event.at
  const finished: PhaseState = {
    phase: event.phase,
    group: event.group,
    status: event.status,
    message: event.message,
    startedAt,
    finishedAt: event.at,
    durationMs: readVolatileNumber(event.volatile, 'durationMs') ?? millisecondsBetween(startedAt, event.at),
  }
  const phases = index < 0 ? [...state.phases, finished] : state.phases.with(index, finished)
  return { ...state, phases }
}

/** Marks what was open when the process went away. */
export function interruptPhases(state: RunState, at: string): RunState {
  const phases = state.phases.map(
    (phase): PhaseState =>
      phase.status === 'running' ? { ...phase, status: 'interrupted', finishedAt: at } : phase,
  )
  return { ...state, phases }
}

/** Milliseconds from one RFC 3339 time to a later one; never negative. */
export function millisecondsBetween(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from))
}
