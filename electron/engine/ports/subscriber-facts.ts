import type { ColumnType } from '../../catalog/catalog-item.ts'

/** A logical replication slot of a primary; those that only fill a new subscription are left out. */
export interface LogicalSlot {
  readonly name: string
  readonly database: string
  readonly isActive: boolean
}

/** A table as a publication sends it. */
export interface PublishedTable {
  /** Qualified and quoted like the tables of a plan. */
  readonly table: string
  /** Null where they are not known. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[] | null
  /** True where the publication lists columns: a new one is then not sent. */
  readonly isFixed: boolean
}

/** A publication of one database. */
export interface Publication {
  readonly name: string
  /** Schemas whose new tables belong to it by themselves. */
  readonly newTables: 'all' | readonly string[]
  readonly tables: readonly PublishedTable[]
}

/** A subscription of a subscriber. Where it gets its changes from stays in the adapter: that may hold a password. */
export interface HeldSubscription {
  readonly name: string
  /** The database that it fills. */
  readonly database: string
  /** Null for one that is detached. */
  readonly slot: string | null
  readonly publications: readonly string[]
  readonly isEnabled: boolean
  /** Whether its apply worker runs right now. */
  readonly isApplying: boolean
  /** Null before PostgreSQL 15. */
  readonly applyErrors: number | null
}

/** A table of a subscriber. */
export interface HeldTable {
  readonly table: string
  readonly columns: readonly {
    readonly name: string
    readonly type: ColumnType
    /** Whether a row without it is refused. */
    readonly isRequired: boolean
  }[]
  /** Subscriptions that fill it. */
  readonly filledBy: readonly string[]
}

/** How far the owner of a slot has confirmed. */
export interface SlotProgress {
  readonly hasReached: boolean
  readonly waitedMs: number
  /** Null when the slot is gone. */
  readonly missingBytes: number | null
}

/** Who takes logical changes, and what they hold. Server names are those of the configuration. Reads only. */
export interface SubscriberFacts {
  readSlots(primary: string, signal: AbortSignal): Promise<readonly LogicalSlot[]>
  readPublications(primary: string, database: string, signal: AbortSignal): Promise<readonly Publication[]>
  readSubscriptions(subscriber: string, signal: AbortSignal): Promise<readonly HeldSubscription[]>
  readTables(subscriber: string, database: string, signal: AbortSignal): Promise<readonly HeldTable[]>
  /** Waits until the slot's owner has confirmed everything up to this position of the primary. */
  waitForSlot(
    primary: string,
    target: { readonly slot: string; readonly lsn: string },
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<SlotProgress>
}
