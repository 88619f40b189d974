import type { Failure } from '../failure/failure.ts'
import type { ClosedReason } from '../server/closed-reason.ts'
import type { ServerWay } from '../server/server-way.ts'

/** What a server was seen to be; `unreachable` when it could not be asked. */
export type ServerRole = 'primary' | 'standby' | 'subscriber' | 'unreachable'

/** One PostgreSQL instance as declared and as observed. No secrets: connection settings stay in the adapter. */
export interface ServerObservation {
  readonly server: string
  readonly cluster: string
  readonly declaredRole: 'primary' | 'standby' | 'subscriber'
  /** What a standby is declared to promise where that is not to follow at once. */
  readonly declaredReplay?: DeclaredReplay
  readonly role: ServerRole
  readonly endpoint: string
  /** The way that was taken to it; absent where none was found, and in logs from before ways were recorded. */
  readonly way?: ServerWay
  /** `server_version_num`, such as 180004; null when unreachable. */
  readonly version: number | null
  /** Equal on a primary and its standbys; the only proof that they belong together. */
  readonly systemIdentifier: string | null
  readonly timeline: number | null
  readonly replication: StandbyState | null
  /** Of a declared logical subscriber: what it takes. */
  readonly subscriptions?: readonly SubscriptionState[]
  readonly failure: Failure | null
}

/** `delayed`: late on purpose, by recovery_min_apply_delay. `archive`: takes its WAL from an archive only. */
export type DeclaredReplay = 'delayed' | 'archive'

/** A standby that streams from a server of the cluster, and are not declared. */
export interface UndeclaredStandby {
  /** From which it takes its WAL. */
  readonly sender: string
  readonly applicationName: string
  /** Null for a Unix socket, and where the login may not see it. */
  readonly clientAddress: string | null
  /** False where the login may not see what it is, or which of several it is. */
  readonly isCertain: boolean
}

/** The state of a standby's replay, as the standby itself tells it. */
export interface StandbyState {
  /** Status of the WAL receiver, `streaming` when all is well; null when there is no receiver. */
  readonly receiver: string | null
  /** `not paused`, `pause requested` or `paused`. */
  readonly replayPause: string
  readonly receivedLsn: string | null
  readonly replayedLsn: string | null
  /** Bytes between the primary's insert position and this standby's replay; null when either is unknown. */
  readonly lagBytes: number | null
  /** Seconds since the last replayed commit; null when idle or unknown. Never a gate by itself. */
  readonly lagSeconds: number | null
  /** `recovery_min_apply_delay`; absent in logs from before it was read. */
  readonly applyDelayMs?: number
  /** Whether replay waits for that delay right now; null where the login may not see it. */
  readonly isDelaying?: boolean | null
  /** Bytes of the primary's WAL that it has not received. */
  readonly missingBytes?: number | null
  /** Seconds since the last replayed commit, also where nothing is left to replay. */
  readonly replayedSecondsAgo?: number | null
  /** Whether there is a WAL receiver, also where the login may not see its state. */
  readonly hasReceiver?: boolean
}

/** A subscription of a logical subscriber. */
export interface SubscriptionState {
  readonly name: string
  readonly database: string
  readonly isEnabled: boolean
  /** Whether its apply worker runs right now. */
  readonly isApplying: boolean
  /** Null before PostgreSQL 15. */
  readonly applyErrors: number | null
}

/** A primary and its standbys, proven by equal system identifiers. */
export interface Cluster {
  readonly name: string
  readonly primary: ServerObservation
  readonly standbys: readonly ServerObservation[]
  /** Absent where there are none, or where they could not be asked for. */
  readonly undeclared?: readonly UndeclaredStandby[]
  /** Declared logical subscribers: they follow its rows, never its schema, and are not migrated. */
  readonly subscribers?: readonly ServerObservation[]
}

/** The unit of isolation that migrates: a database of its own, or a schema of one. */
export interface Tenant {
  readonly name: string
  readonly cluster: string
  readonly database: string
  /** For a tenant that is a schema; absent for a database. */
  readonly schema?: string
  /** The role that the tenant's application logs in as; null when not configured. */
  readonly appRole: string | null
}

/** A tenant that cannot be read, and why. */
export interface UnreadableTenant {
  readonly tenant: string
  readonly cluster: string
  readonly failure: Failure
}

/** A database that takes no session of ours. */
export interface ClosedDatabase {
  readonly name: string
  readonly why: ClosedReason
}

/** A closed database or a template that a pattern happens to match, and that is not named in the configuration. */
export interface PassedOver extends ClosedDatabase {
  readonly cluster: string
  readonly server: string
}

export interface Topology {
  readonly clusters: readonly Cluster[]
  /** Those that can be read, as far as their servers tell without a session in each of them. */
  readonly tenants: readonly Tenant[]
  /** Those that cannot: a run that would have to include them stops. Absent where there are none. */
  readonly unreadable?: readonly UnreadableTenant[]
  /** Closed databases and templates that a pattern happens to match: they count as no tenants. Absent where there are none. */
  readonly passedOver?: readonly PassedOver[]
}
