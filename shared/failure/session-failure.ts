/** What the dashboard's engine refuses, and what its transports lose. */
export type SessionFailure =
  | { readonly kind: 'read_only'; readonly action: string }
  | { readonly kind: 'project_missing' }
  | {
      readonly kind: 'confirmation_missing'
      readonly action: string
      readonly level: 2 | 3
      readonly environment: string
    }
  /** It cannot be done now; `reason` says what would have to be different. */
  | { readonly kind: 'not_possible'; readonly action: string; readonly reason: string }
  | { readonly kind: 'plan_unknown'; readonly planId: string }
  | { readonly kind: 'request_invalid'; readonly request: string; readonly problem: string }
  | { readonly kind: 'file_unreadable'; readonly file: string; readonly problem: string }
  /** The engine's process ended while it was asked. */
  | { readonly kind: 'engine_gone'; readonly during: string }
  /** Nothing answers: the connection is lost, and the request was not repeated. */
  | { readonly kind: 'not_connected'; readonly during: string }
  /** The code of a part of the dashboard could not be fetched; it was asked for several times. */
  | { readonly kind: 'part_missing'; readonly part: string; readonly problem: string }
