import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import type { Ending } from '../context/run-end.ts'
import type { Lease, Phase, PhaseState, PhasesEnd, Step, StepEnd } from './phase.ts'
import { runPhase, runStep } from './run-phase.ts'

type Enter<Start, State> = <End>(
  start: Start,
  rest: (state: State) => Promise<PhasesEnd<End>>,
) => Promise<PhasesEnd<End>>

/** Phases in their order. Each is given what all before it have found out; the compiler refuses one that needs more. */
export class PhaseList<Start, State> {
  /** Runs what is in the list, and then the rest. */
  readonly enter: Enter<Start, State>

  constructor(enter: Enter<Start, State>) {
    this.enter = enter
  }

  /** Adds a phase: it goes on record, with its hooks around it. */
  phase<Known extends PhaseState, Adds>(
    this: PhaseList<Start, Known>,
    phase: Phase<Known, Adds>,
  ): PhaseList<Start, Known & Adds> {
    return this.#add(state => runPhase(phase, state))
  }

  /** Adds a step between phases. */
  step<Adds>(step: Step<State, Adds>): PhaseList<Start, State & Adds> {
    return this.#add(state => runStep(step, state))
  }

  /** Adds something that is held from here to the end of the list. */
  holding<Adds>(lease: Lease<State, Adds>): PhaseList<Start, State & Adds> {
    return new PhaseList((start, rest) =>
      this.enter(start, async state => {
        try {
          return await lease.lend(state, found => rest({ ...state, ...found }))
        } catch (error) {
          return { kind: 'failed', failure: toFailure(error) }
        }
      }),
    )
  }

  #add<Adds>(run: (state: State) => Promise<StepEnd<Adds>>): PhaseList<Start, State & Adds> {
    return new PhaseList((start, rest) =>
      this.enter(start, async state => {
        const end = await run(state)
        return end.kind === 'found' ? rest({ ...state, ...end.found }) : end
      }),
    )
  }
}

/** An empty list, which begins with what is known at the start. */
export function listPhases<Start>(): PhaseList<Start, Start> {
  return new PhaseList((start, rest) => rest(start))
}

/** Runs a list of phases from its first to its last; the first failure that nothing follows ends it. Never throws. */
export function runPhases<Start, State>(
  phases: PhaseList<Start, State>,
  start: Start,
): Promise<PhasesEnd<State>> {
  return phases.enter(start, async state => ({ kind: 'done', state }))
}

/** How the run of a complete list ends: its last step can only end it, so what is left to say is what a failure means. */
export function endingOf(end: PhasesEnd<never>, endFailing: (failure: Failure) => Ending): Ending {
  switch (end.kind) {
    case 'over':
      return end.ending
    case 'failed':
      return endFailing(end.failure)
    case 'done':
      return assertNever(end.state)
    default:
      return assertNever(end)
  }
}
