import type { SourceDirective } from '../sql/read-directives.ts'
import type { UnreadableTenant } from '../topology/topology.ts'

/** How a group's tenants are held together. */
export type GroupMode = 'atomic' | 'independent'

/** When the first tenant may commit: after every tenant of the fleet has voted, or of its own group. */
export type VoteScope = 'fleet' | 'group'

/** One SQL statement, for reading: what runs is the revision itself. */
export interface PlannedStatement {
  readonly sql: string
  /** Qualified names of the tables it touches, as far as the parser can tell. */
  readonly tables: readonly string[]
  /** The file that it stands in, where that is not the revision's own. */
  readonly file?: string
  /** Line of the file on which it begins, counted from 1; absent when that is not known. */
  readonly line?: number
}

/** One revision on one route, with what is known about it before it runs. */
export interface PlannedStep {
  readonly revision: string
  /** Set where the step undoes its revision, and the file alone does not say so. */
  readonly direction?: 'down'
  readonly message: string
  readonly file: string
  readonly checksum: string
  /** What the version table holds after this step, as the source itself works it out (merges and `depends_on` included). */
  readonly headsAfter: readonly string[]
  readonly transactional: boolean
  /** Why it cannot run in a transaction; empty when it can. */
  readonly reason: string
  readonly statements: readonly PlannedStatement[]
  /** Comments in its file that speak to Lockstep; absent when there are none. */
  readonly directives?: readonly SourceDirective[]
  /** Why the statements cannot be shown beforehand; empty when they are all there. */
  readonly unrendered: string
  /** SQL in its source, where its statements cannot be shown: whether it runs is not known. Absent where there is none. */
  readonly sourceSql?: readonly string[]
}

/** The way from one starting point to the target; tenants with equal heads share it. */
export interface MigrationRoute {
  readonly id: string
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly steps: readonly PlannedStep[]
}

export interface PlannedTenant {
  readonly tenant: string
  readonly cluster: string
  readonly database: string
  /** For a tenant that is a schema of that database. */
  readonly schema?: string
  readonly from: readonly string[]
  /** Null when the tenant is at the target already. */
  readonly route: string | null
  /** Catalog fingerprint at planning time. */
  readonly fingerprint: string
}

/** Tenants that migrate together; groups run in the order of the plan, one wave each. */
export interface PlannedGroup {
  readonly name: string
  readonly wave: number
  readonly mode: GroupMode
  /** Whether the mode was asked for, or why it follows. */
  readonly modeReason: string
  readonly parallel: number
  readonly tenants: readonly PlannedTenant[]
}

/** Something a reader of the plan should know; it stops nothing by itself. */
export interface PlanNote {
  readonly kind:
    | 'skew'
    | 'up_to_date'
    | 'not_atomic_from_here'
    | 'unrendered'
    | 'unmatched_group'
    | 'quarantined'
    | 'unreadable'
    | 'passed_over'
    | 'standby'
  readonly text: string
  /** The database that is passed over because it takes no connections; a template is none. */
  readonly closed?: string
}

/** What will run, for whom and in which order; `planId` is the hash of all the rest. */
export interface Plan {
  readonly planId: string
  readonly source: 'alembic' | 'sql'
  readonly target: readonly string[]
  readonly vote: VoteScope
  readonly routes: readonly MigrationRoute[]
  readonly groups: readonly PlannedGroup[]
  readonly notes: readonly PlanNote[]
  /** Tenants that belong into it and cannot be read: no run begins while there are any. Absent where there are none. */
  readonly unreadable?: readonly UnreadableTenant[]
  /** Hash of the gates' configuration, so that changing a threshold voids an approval. */
  readonly gatesHash: string
}
