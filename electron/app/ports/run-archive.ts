/** What can be proven about a log. */
export interface VerifiedLog {
  /** Where it lies, for words. */
  readonly file: string
  /** Events that are proven to be as they were written. */
  readonly events: number
  /** True when the log ends with the end of the run. */
  readonly complete: boolean
  /** Hash of the last proven line. */
  readonly headHash: string
  /** The line that does not fit; null when none, or when the problem is not one of a line. */
  readonly line: number | null
  readonly problem: string | null
}

/** The logs of a project's runs as a whole: what is proven of them, and how many stay. */
export interface RunArchive {
  /** Hash of the last line of a log that is proven to be as it was written. */
  readHeadHash(runId: string): Promise<string>
  /** Proves a log line by line, and holds it against the report beside it. */
  verify(runId: string): Promise<VerifiedLog>
  /** Removes the oldest finished runs beyond a number, and says which; what is not settled stays. */
  prune(keep: number): Promise<readonly string[]>
}
