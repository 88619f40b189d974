/** The logs of a project's runs as a whole: what is proven of them, and how many stay. */
export interface RunArchive {
  /** Hash of the last line of a log that is proven to be as it was written. */
  readHeadHash(runId: string): Promise<string>
  /** Removes the oldest finished runs beyond a number, and says which; what is not settled stays. */
  prune(keep: number): Promise<readonly string[]>
}
