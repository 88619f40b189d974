/**
 * How far something reaches that a migration runs.
 *
 * `server`: it changes what all databases of a server share, and a server of our own would contain it. `outside`: it
 * leaves the server, through the network, a file or a program. `unknown`: its text does not tell.
 */
export type ReachScope = 'server' | 'outside' | 'unknown'

/** What a statement does beyond its own database. */
export interface Reach {
  readonly scope: ReachScope
  /** As the end of "the statement ...". */
  readonly what: string
}
