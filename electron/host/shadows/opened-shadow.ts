import type { ShadowDescription } from '../../../shared/analysis/rehearsal.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { ServerDirectory } from '../../adapters/postgres/session/server-directory.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import type { MigrationSource } from '../../engine/ports/migration-source.ts'
import type { Servers } from '../../engine/ports/servers.ts'
import type { CopyRecords } from '../copies/copy-records.ts'
import type { ToolPlaces } from '../pg-tools/list-tool-places.ts'

/** Where copies can be made. */
export interface ShadowPlaces {
  /** Every server that the adapters know; one of our own joins them for as long as it is lent. */
  readonly known: ServerDirectory
  /** Why migrations cannot reach a server of this machine; null when they can. */
  readonly sandboxObstacle: string | null
  readonly source: MigrationSource
  readonly servers: Servers
  readonly toolPlaces: ToolPlaces
  /** Where copies are noted before they are made. */
  readonly copies: CopyRecords
}

/** A copy that its opener must close. */
export interface OpenedShadow {
  readonly tenant: Tenant
  readonly settings: ServerSettings
  readonly kind: ShadowDescription['kind']
  readonly data: ShadowDescription['data']
  /** Name of the server in the configuration, or `sandbox`. */
  readonly server: string
  /** What a reader of its results should know, one fact each. */
  readonly notes: readonly string[]
  /** Drops it. */
  close(): Promise<void>
}
