/** Pausing as the engine sees it: asked for at any time, taking effect at safe points, where nothing is prepared. */
export interface RunControl {
  /** Waits while a pause is asked for; `before` says in words what comes next. Returns at once otherwise, and when the signal comes. */
  passSafePoint(before: string, record: PauseRecorder, signal: AbortSignal): Promise<void>
}

/** How what a person did enters the run log. */
export interface PauseRecorder {
  pausing(by: string): Promise<void>
  paused(before: string): Promise<void>
  resumed(by: string): Promise<void>
}

/** For runs that cannot be paused, such as those of a pipeline. */
export const neverPaused: RunControl = { passSafePoint: async () => undefined }
