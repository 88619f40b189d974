/** What readers need of a stream; `process.stderr` is one. */
export interface TerminalStream {
  write(text: string): unknown
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  readonly isTTY?: boolean | undefined
  /** True while what was written waits for a terminal that shows nothing. */
  readonly isBehind?: boolean | undefined
}
