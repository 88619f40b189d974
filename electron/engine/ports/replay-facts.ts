/** What is asked about one standby. */
export interface ReplayQuestion {
  /** Name of the standby in the configuration. */
  readonly server: string
  /** Relations that will be locked exclusively, by database, qualified and quoted like the tables of a plan. */
  readonly relations: ReadonlyMap<string, readonly string[]>
}

/** How a standby treats a query that stands in the way of replay, and which do right now. */
export interface StandbyReaders {
  /** `max_standby_streaming_delay` in milliseconds; -1 waits for ever. */
  readonly maxDelayMs: number
  readonly hotStandbyFeedback: boolean
  readonly queries: readonly StandbyReader[]
}

/** A session of a standby that holds relations of the question. Sessions of our own are left out. */
export interface StandbyReader {
  readonly pid: number
  readonly application: string
  readonly database: string
  /** Age of its transaction. */
  readonly ageSeconds: number
  readonly relations: readonly string[]
}

/** What the replay of exclusive locks will meet. Reads only. */
export interface ReplayFacts {
  readReaders(question: ReplayQuestion, signal: AbortSignal): Promise<StandbyReaders>
}
