/** Why nothing of a log is known: its file cannot be read here, it holds no event any more, or it is somewhere else. */
export type MissingLog = 'unreadable' | 'emptied' | 'elsewhere'

/** What concerns a run as a whole: another one is in the way, or its log cannot be used. */
export type RunFailure =
  | { readonly kind: 'run_locked'; readonly cluster: string; readonly holder: string }
  | {
      readonly kind: 'run_unfinished'
      readonly runId: string
      readonly prepared: readonly string[]
      /** The project that it belongs to, where that is another one. */
      readonly project?: string
      /** Why its log cannot be read to where it stops, where that is so. */
      readonly damage?: string
      readonly log?: MissingLog
      /** Databases that it has closed, and that take no session until it is recovered. */
      readonly closed?: readonly string[]
    }
  | { readonly kind: 'run_unknown'; readonly runId: string; readonly known: readonly string[] }
  | { readonly kind: 'log_damaged'; readonly file: string; readonly line: number; readonly problem: string }
  | { readonly kind: 'log_unreadable'; readonly file: string; readonly code: string }
  | { readonly kind: 'log_unwritable'; readonly file: string; readonly code: string }
