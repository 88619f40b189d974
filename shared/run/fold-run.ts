import { countUp } from './count-up.ts'
import { type RunEvent, specOf } from './run-event.ts'
import { initialRunState, type RunState } from './run-state.ts'

/** The state after all of these events. */
export function foldAll(events: Iterable<RunEvent>): RunState {
  let state = initialRunState
  for (const event of events) state = foldRun(state, event)
  return state
}

/** The state after one more event: pure, and total over every type of event. */
export function foldRun(before: RunState, event: RunEvent): RunState {
  const state = { ...before, runId: event.runId, lastAt: event.at, lastSeq: event.seq }
  return specOf(event).fold(countUp(state, 'events'), event)
}
