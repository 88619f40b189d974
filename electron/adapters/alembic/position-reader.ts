import type { Tenant } from '../../../shared/topology/topology.ts'
import type { VersionTable } from '../../engine/ports/migration-source.ts'

/** Which revisions a tenant has, and where that is noted; null before the first. */
export interface Position {
  readonly heads: readonly string[]
  readonly versionTable: VersionTable | null
}

export interface PositionSources {
  /** Runs the project's own `env.py`. */
  askAlembic(tenant: Tenant, signal: AbortSignal): Promise<Position>
  /** The only table that looks like a version table, read by a session of ours. */
  readVersionTable(
    tenant: Tenant,
    signal: AbortSignal,
  ): Promise<(VersionTable & Pick<Position, 'heads'>) | 'several' | null>
}

/** So many tenants show where the project keeps its version table, and that it connects where it is told to. */
const learners = 2

/**
 * Reads where tenants stand.
 *
 * Only the project knows where its version table is, and asking it takes a connection of SQLAlchemy and a dozen
 * statements. After the first tenants have shown the place, the others are read there directly; the project is asked
 * wherever the table is not the only one of its kind.
 */
export function createPositionReader(sources: PositionSources) {
  const learning = new Map<string, Promise<Position>>()
  /** Null for a tenant that had no version table yet. */
  const places = new Map<string, string | null>()

  const learn = async (tenant: Tenant, signal: AbortSignal): Promise<Position> => {
    const position = await sources.askAlembic(tenant, signal)
    places.set(tenant.name, position.versionTable && describePlace(position.versionTable, tenant))
    return position
  }

  const learnOnce = (tenant: Tenant, signal: AbortSignal): Promise<Position> => {
    const position = learn(tenant, signal).finally(() => learning.delete(tenant.name))
    learning.set(tenant.name, position)
    return position
  }

  const readDirectly = async (tenant: Tenant, signal: AbortSignal): Promise<Position | null> => {
    const seen = [...places.values()].filter(place => place !== null)
    if (places.size < learners || new Set(seen).size > 1) return null
    const found = await sources.readVersionTable(tenant, signal)
    if (found === 'several') return null
    if (found === null) return { heads: [], versionTable: null }
    const { heads, ...versionTable } = found
    const isWhereItShould = seen.length >= learners && seen.includes(describePlace(versionTable, tenant))
    return isWhereItShould ? { heads, versionTable } : null
  }

  return async (tenant: Tenant, signal: AbortSignal): Promise<Position> => {
    if (places.size < learners) {
      if (learning.size < learners) return learnOnce(tenant, signal)
      await Promise.allSettled(learning.values())
    }
    return (await readDirectly(tenant, signal)) ?? (await learn(tenant, signal))
  }
}

/** A tenant that is a schema has its own. */
function describePlace({ schema, name }: VersionTable, tenant: Tenant): string {
  return JSON.stringify([schema === tenant.schema ? null : schema, name])
}
