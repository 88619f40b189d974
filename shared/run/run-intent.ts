/** What a run was asked to do. */
export interface RunIntent {
  readonly verb: 'run' | 'rollback'
  /** Heads or revision ids asked for; empty means every head. */
  readonly target: readonly string[]
  readonly tenants: readonly string[]
  /** With `rollback`: the run that is undone. */
  readonly undoes?: string
}

/** What interrupted a run; `abort`: a person said so on the dashboard. */
export type InterruptionSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'abort'
