import type { MissingLog } from './run-failure.ts'

/** A vote that a person has to end, and the role that may. */
export interface VoteToEnd {
  readonly database: string
  readonly gid: string
  readonly server?: string
  readonly owner?: string
}

/** What a run that was cut off is found to have left, and what only a person can settle. */
export type RecoveryFailure =
  /** Every tenant is at one end or the other, each group as a whole, and not the whole fleet at one. */
  | {
      readonly kind: 'partly_migrated'
      readonly runId: string
      readonly migrated: readonly string[]
      readonly left: readonly string[]
    }
  /** Votes that are left prepared, as either answer could tear their group apart; the counts are of its other tenants. */
  | {
      readonly kind: 'votes_undecided'
      readonly runId: string
      readonly group: string
      readonly decision: 'commit' | 'rollback' | null
      readonly committed: number
      readonly undone: number
      readonly unknown: number
      readonly votes: readonly {
        readonly tenant: string
        readonly database: string
        readonly gid: string
      }[]
    }
  /** A log that does not tell what was decided: what is prepared, or where nothing is, what else cannot be known. */
  | {
      readonly kind: 'record_damaged'
      readonly runId: string
      readonly damage: string
      /** What the part before the damage says. */
      readonly known: string
      /** Absent where some of it is here, and damaged. */
      readonly log?: MissingLog
      readonly votes: readonly VoteToEnd[]
    }
  /** Tenants that committed the first steps of their way, and not the later ones, which run outside a transaction. */
  | {
      readonly kind: 'steps_left'
      readonly tenants: readonly string[]
      /** Where it was found, when it is said of one tenant. */
      readonly heads?: readonly string[]
    }
  /** A group that was decided on and has steps left: nothing that follows it is decided on. */
  | { readonly kind: 'group_unended'; readonly group: string; readonly tenants: readonly string[] }
