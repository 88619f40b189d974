import { millisecondsBetween } from '../text/milliseconds-between.ts'
import { readVolatileNumber, type Volatile } from '../text/volatile.ts'
import { lasting, ofGroup } from './event-phrases.ts'
import { aboutRun, defineEvent, type RunEnvelope } from './event-spec.ts'
import { describePhase, describeStatus, type PhaseName, type PhaseStatus } from './phase.ts'
import type { PhaseState, RunState } from './run-state.ts'

export interface StartedPhase {
  readonly phase: PhaseName
  readonly group: string | null
}

export interface FinishedPhase extends StartedPhase {
  readonly status: PhaseStatus
  readonly message: string
  readonly volatile: Volatile<'durationMs'>
}

/** The stages of a run, for all of it or for one group. */
export const phaseEvents = {
  'phase.started': defineEvent<StartedPhase>({
    source: 'engine',
    level: 'info',
    visibility: 'verbose',
    subject: aboutRun,
    words: ({ phase, group }) => `${describePhase(phase)}${ofGroup(group)} started`,
    fold: startPhase,
  }),

  'phase.finished': defineEvent<FinishedPhase>({
    source: 'engine',
    level: ({ status }) => (status === 'failed' ? 'error' : 'info'),
    visibility: 'always',
    subject: aboutRun,
    words: fact =>
      `${describePhase(fact.phase)}${ofGroup(fact.group)} ${describeStatus(fact.status)}: ${fact.message}${lasting(fact)}`,
    fold: finishPhase,
  }),
}

/** Opens one more occurrence of a phase. */
function startPhase(state: RunState, { phase, group, at }: RunEnvelope & StartedPhase): RunState {
  const started: PhaseState = {
    phase,
    group,
    status: 'running',
    message: '',
    startedAt: at,
    finishedAt: null,
    durationMs: null,
  }
  return { ...state, phases: [...state.phases, started] }
}

/** Closes the last open occurrence of a phase; one that was never opened is entered as it ended. */
function finishPhase(state: RunState, event: RunEnvelope & FinishedPhase): RunState {
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
