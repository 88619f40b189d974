import type { Failure } from '../failure/failure.ts'
import type { ContainerFacts, DaemonState } from '../server/docker-container.ts'
import type { Cluster, ServerObservation, Tenant } from './topology.ts'

/** What a service of a Compose project is for Lockstep. */
export type ServiceKind =
  | 'postgres'
  /** PgBouncer, Pgpool, HAProxy, ...: never a way for DDL. */
  | 'pooler'
  /** Holds the migrations. */
  | 'migrations'
  | 'other'

/** A service as declared in the Compose files and as its container is seen to be. */
export interface ServiceObservation {
  readonly service: string
  readonly kind: ServiceKind
  /** Why it was taken for that, such as `image postgres:17`. */
  readonly reason: string
  readonly image: string | null
  /** False for a container of the project that no Compose file declares. */
  readonly isDeclared: boolean
  /** Services that it depends on by its declaration, named or implied, in the order of their names. */
  readonly dependsOn: readonly string[]
  /** Null: no container, or no daemon to ask. */
  readonly container: Pick<
    ContainerFacts,
    'id' | 'name' | 'image' | 'imageId' | 'state' | 'health' | 'restarts' | 'ports' | 'networks'
  > | null
}

/** How one server stands to the others, as the servers themselves say. */
export interface ServerLinks {
  readonly server: string
  /** A standby's source of WAL, from `pg_stat_wal_receiver`; null when it has none. */
  readonly upstream: {
    readonly host: string
    readonly port: number
    readonly slot: string | null
    /** The name under which it streams; absent where the login may not see it. */
    readonly applicationName?: string
  } | null
  /** Who takes WAL from it, from `pg_stat_replication`. */
  readonly receivers: readonly ReplicationReceiver[]
  /** Logical subscriptions of its databases, without their connection strings. */
  readonly subscriptions: readonly Subscription[]
}

export interface ReplicationReceiver {
  readonly applicationName: string
  /** Null for a Unix socket. */
  readonly clientAddress: string | null
  readonly state: string
  readonly syncState: string
  /** What takes the WAL; `unknown` where the login may not see it. Absent in what was recorded before it was asked. */
  readonly kind?: 'standby' | 'logical' | 'backup' | 'archiver' | 'unknown'
  /** Its replication slot. */
  readonly slot?: string | null
}

export interface Subscription {
  readonly name: string
  readonly database: string
  readonly publisherHost: string | null
  readonly publisherPort: number | null
  readonly publisherDatabase: string | null
  readonly enabled: boolean
}

/** A proven relation: `server` takes WAL, or logical changes, from `from`. */
export interface ReplicationLink {
  readonly server: string
  readonly from: string
  readonly kind: 'streaming' | 'logical'
  /** How it was proven: the standby's receiver, the sender's list, or both. */
  readonly evidence: 'receiver' | 'sender' | 'both' | 'subscription'
}

/** An Alembic project that was found. */
export interface FoundMigrations {
  /** Null: a folder of this machine. */
  readonly service: string | null
  readonly kind: 'alembic' | 'sql'
  /** Path of alembic.ini (or pyproject.toml), or of the folder of SQL files; in the container when a service is named. */
  readonly path: string
  /** Container path of the interpreter's environment when it was seen. */
  readonly interpreter: string | null
}

/** Something in a topology that a person should know. */
export interface TopologyFinding {
  readonly severity: 'problem' | 'warning' | 'note'
  /** The service, server or project that it is about. */
  readonly subject: string
  readonly what: FindingFact
}

export type FindingFact =
  | { readonly kind: 'declared_not_observed'; readonly state: DaemonState['state'] }
  | {
      readonly kind: 'role_differs'
      readonly declared: string
      readonly observed: string
      readonly why: string
    }
  | { readonly kind: 'other_cluster'; readonly expected: string; readonly systemIdentifier: string }
  | { readonly kind: 'timeline_differs'; readonly primary: number; readonly server: number }
  | { readonly kind: 'not_streaming'; readonly receiver: string | null }
  | { readonly kind: 'replay_paused'; readonly state: string }
  | { readonly kind: 'cascade'; readonly from: string }
  | {
      readonly kind: 'unknown_receiver'
      readonly applicationName: string
      readonly clientAddress: string | null
    }
  | { readonly kind: 'subscriber'; readonly from: string; readonly subscriptions: readonly string[] }
  | { readonly kind: 'pooler'; readonly image: string }
  | { readonly kind: 'several_primaries'; readonly cluster: string; readonly servers: readonly string[] }
  | { readonly kind: 'no_primary'; readonly cluster: string }
  | { readonly kind: 'unreachable'; readonly failure: Failure }
  | { readonly kind: 'not_running'; readonly state: string }
  | { readonly kind: 'unhealthy'; readonly health: string }
  | { readonly kind: 'restarted'; readonly restarts: number }
  | { readonly kind: 'not_declared' }
  | { readonly kind: 'image_differs'; readonly declared: string; readonly observed: string }
  | { readonly kind: 'project_name_shared'; readonly folders: readonly string[] }
  | { readonly kind: 'compose_warning'; readonly problem: string; readonly at: string }
  | { readonly kind: 'several_migrations'; readonly places: readonly string[] }

/** Everything that is known about a project with Compose files; what `lockstep topology --json` prints. No secrets. */
export interface DiscoveredProject {
  readonly project: string
  /** Compose files, relative to the folder where the question was asked. */
  readonly files: readonly string[]
  /** Who read them: Docker's own Compose, or Lockstep's reader. */
  readonly readBy: 'docker compose' | 'lockstep'
  readonly daemon: DaemonState
  readonly observation: 'observed' | 'declared_only'
  readonly services: readonly ServiceObservation[]
  readonly clusters: readonly Cluster[]
  /** Servers that belong to no cluster: they could not be asked, their primary is not seen, or they are one primary too many. */
  readonly unplaced: readonly ServerObservation[]
  readonly links: readonly ReplicationLink[]
  readonly tenants: readonly Tenant[]
  readonly migrations: readonly FoundMigrations[]
  readonly findings: readonly TopologyFinding[]
}
