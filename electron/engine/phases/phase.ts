import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import type { PhaseName, PhaseStatus } from '../../../shared/run/phase.ts'
import type { HookPlace } from '../context/phase-hooks.ts'
import type { Ending } from '../context/run-end.ts'
import type { Clock } from '../ports/clock.ts'
import type { Recorder } from '../recording/recorder.ts'

/** What a phase needs to go on record; a phase of one group names it. */
export interface PhaseState {
  readonly recorder: Recorder
  readonly clock: Clock
  readonly group?: PlannedGroup
}

/**
 * A phase of a run, as a value. `Needs` is what has to be known before it; `Adds` is what it finds out for those that follow.
 */
export interface Phase<Needs extends PhaseState, Adds> extends Work<Needs, PhaseEnd<Adds>, Adds> {
  /** As its events and the hooks of the configuration call it. */
  readonly name: PhaseName
  /** Where the team's own gates are asked around it. */
  readonly hooks: HooksAround<Needs>
}

/** A step between phases: like a phase, but nothing goes on record for it, and no hook stands there. */
export interface Step<Needs, Adds> extends Work<Needs, StepEnd<Adds>, Adds> {}

/** Something that is held from its place in the list to the end of the list, such as a lock: it lends, and takes back. */
export interface Lease<Needs, Adds> {
  readonly lend: <State>(
    state: Needs,
    rest: (found: Adds) => Promise<PhasesEnd<State>>,
  ) => Promise<PhasesEnd<State>>
}

interface Work<Needs, End, Adds> {
  /** What stands in place of the work where it is not needed; null where it is. Hooks are not asked then either. */
  readonly skip?: (state: Needs) => Adds | null
  readonly work: (state: Needs) => Promise<End>
  /** How the list goes on when this fails: once something was changed, what follows has to see to it. Without it a failure ends the list. */
  readonly afterFailure?: (state: Needs, failure: Failure) => Adds
}

/** How a phase ends. With `found` the list goes on, even where the record calls the phase failed; a `failure` ends the list. */
export type PhaseEnd<Adds> =
  | { readonly status: PhaseStatus; readonly message: string; readonly found: Adds }
  | { readonly status: 'failed'; readonly message: string; readonly failure: Failure }

/** How a step ends: it has found something out, the run is over, or something failed. */
export type StepEnd<Adds> =
  | { readonly kind: 'found'; readonly found: Adds }
  | { readonly kind: 'over'; readonly ending: Ending }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** How a list of phases ends: with all that was found out, or before its end. */
export type PhasesEnd<State> =
  | { readonly kind: 'done'; readonly state: State }
  | { readonly kind: 'over'; readonly ending: Ending }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** The team's own gates before and after a phase; after it only where it succeeded. One that stops fails the phase. */
export interface HooksAround<Needs> {
  readonly before?: AskHooks<Needs>
  readonly after?: AskHooks<Needs>
}

/** Asks the hooks of a place; the failure says which one stops the run. */
export type AskHooks<Needs> = (state: Needs, place: HookPlace) => Promise<Failure | null>

/** What a phase adds that only judges. */
export type NothingMore = Readonly<Record<never, never>>
