/** What a plan's exclusive locks will do to one standby. */
export interface ReplayForecast {
  readonly server: string
  readonly cluster: string
  /** `clear`: nothing stands in the way; `cancel`: queries will be cancelled; `stall`: replay will wait. */
  readonly effect: 'clear' | 'cancel' | 'stall'
  /** `max_standby_streaming_delay` in milliseconds; -1 waits for ever. */
  readonly maxDelayMs: number
  readonly hotStandbyFeedback: boolean
  /** Queries there that hold tables which the plan locks exclusively. */
  readonly queries: readonly {
    readonly pid: number
    readonly application: string
    readonly ageSeconds: number
    readonly tables: readonly string[]
  }[]
}
