/** Why a database takes no session of ours. */
export type ClosedReason =
  /** Its DROP DATABASE was interrupted. */
  | 'invalid'
  /** `allow_connections false`. */
  | 'closed'
  | 'template'
  /** The login lacks the privilege CONNECT. */
  | 'no_connect'
