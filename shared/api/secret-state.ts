/** Which passwords are remembered for the open project; never a password itself. */
export interface SecretState {
  readonly storage: 'available' | 'unavailable'
  /** Why it is unavailable, and what to use instead; empty where it is available. */
  readonly why: string
  /** Every server that the project declares. */
  readonly servers: readonly SecretServer[]
  readonly remembered: readonly RememberedSecret[]
}

/** A server that a password may be remembered for. */
export interface SecretServer {
  readonly server: string
  /** Null where the server's container says it. */
  readonly user: string | null
  /** The project file gives a password, which comes before every other. */
  readonly isConfigured: boolean
}

/** A server that a password is remembered for, as it is declared now. */
export type RememberedSecret = Pick<SecretServer, 'server' | 'user'>
