/** What readers need of a stream; `process.stderr` is one. */
export interface TerminalStream {
  write(text: string): unknown
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  readonly isTTY?: boolean | undefined
}
