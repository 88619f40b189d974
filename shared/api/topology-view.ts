import type { Failure } from '../failure/failure.ts'
import type { MigrationGraph } from '../plan/migration-graph.ts'
import type { DiscoveredProject } from '../topology/discovered-project.ts'
import type { Topology } from '../topology/topology.ts'

/** Servers, services and tenants as declared and as observed. */
export interface TopologyView {
  /** Null where the servers could not be asked; `failure` says why. */
  readonly topology: Topology | null
  /** Null where the project has no Compose files. */
  readonly found: DiscoveredProject | null
  readonly failure: Failure | null
  /** Null where the revisions could not be read; `graphFailure` says why. */
  readonly graph: MigrationGraph | null
  readonly graphFailure: Failure | null
  readonly positions: readonly TenantPosition[]
  readonly observedAt: string
}

/** Where a tenant stands on the revision tree. */
export interface TenantPosition {
  readonly tenant: string
  readonly cluster: string
  readonly database: string
  readonly group: string
  readonly wave: number
  readonly heads: readonly string[]
  /** Steps to the target; null while that cannot be planned. */
  readonly behind: number | null
  readonly fingerprint: string | null
}

/** How far one standby is behind at one moment. Null is not zero: `state` says what it means. */
export interface LagSample {
  readonly server: string
  readonly cluster: string
  /** RFC 3339. */
  readonly at: string
  readonly bytes: number | null
  readonly seconds: number | null
  /** `idle`: nothing to replay. `missing`: it could not be asked, so this is a gap. */
  readonly state: 'streaming' | 'idle' | 'not_streaming' | 'paused' | 'missing'
}

/** Samples of one standby, oldest first. */
export interface LagSeries {
  readonly server: string
  readonly cluster: string
  readonly samples: readonly LagSample[]
  /** The gate's limit. */
  readonly maxBytes: number | null
}
