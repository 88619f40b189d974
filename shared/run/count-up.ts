import type { RunCounters, RunState } from './run-state.ts'

/** The state with one more of what a counter counts. */
export function countUp(state: RunState, name: keyof RunCounters): RunState {
  return { ...state, counters: { ...state.counters, [name]: state.counters[name] + 1 } }
}
