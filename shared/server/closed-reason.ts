/** Why a database takes no session of ours. */
export type ClosedReason =
  /** Its DROP DATABASE was interrupted. */
  | 'invalid'
  /** `allow_connections false`. */
  | 'closed'
  | 'template'
  /** The login lacks the privilege CONNECT. */
  | 'no_connect'

/** A rollback that has closed a database while its copy takes its place: at work, cut off, or ended without opening it again. */
export interface ClosingRun {
  readonly runId: string
  readonly state: 'at_work' | 'cut_off' | 'ended'
}
