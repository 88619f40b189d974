/** A failure in words: what happened, where, why, and what to do. Empty where there is nothing to say. */
export interface FailureWords {
  readonly what: string
  /** `file:line:column`, a server, a tenant. */
  readonly where: string
  readonly why: string
  /** A command where there is one. */
  readonly fix: string
}
