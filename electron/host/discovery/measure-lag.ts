import type { Cluster, ServerObservation } from '../../../shared/topology/topology.ts'
import type { Postgres } from '../../adapters/postgres/create-postgres.ts'
import { countMissingBytes } from '../../adapters/postgres/replicas/lsn.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'

/** Says how far each standby is behind, now that its primary is known. */
export async function measureLag(
  clusters: readonly Cluster[],
  postgres: Postgres,
  signal: AbortSignal,
): Promise<readonly Cluster[]> {
  return mapConcurrently(clusters, 4, async cluster => {
    const { primary, standbys } = cluster
    if (primary.role !== 'primary' || standbys.length === 0) return cluster
    const written = await postgres.replicas.currentLsn(primary.server, signal).catch(() => null)
    return { ...cluster, standbys: standbys.map(standby => withLag(standby, primary, written)) }
  })
}

/** Positions of two clusters have nothing to do with one another. */
function withLag(
  standby: ServerObservation,
  primary: ServerObservation,
  written: string | null,
): ServerObservation {
  const { replication } = standby
  if (!replication) return standby
  const isOwn = standby.systemIdentifier === primary.systemIdentifier
  const isKnown = isOwn && written !== null && replication.replayedLsn !== null
  const lagBytes = isKnown ? countMissingBytes(written, replication.replayedLsn ?? '') : null
  return { ...standby, replication: { ...replication, lagBytes } }
}
