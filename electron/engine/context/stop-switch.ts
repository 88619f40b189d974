/** Ends the work of a group: code that finds a reason pulls it, and an interruption of the run does so by itself. */
export interface StopSwitch {
  readonly signal: AbortSignal
  pull(): void
}

/** Makes the switch of one round of work; nothing is left listening on the run's own signal afterwards. */
export function createStopSwitch(interruption: AbortSignal): StopSwitch {
  const controller = new AbortController()
  return {
    signal: AbortSignal.any([interruption, controller.signal]),
    pull: () => controller.abort(),
  }
}
