import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { chooseMigrations } from '../../app/init/choose-migrations.ts'
import { findExpected } from './find-expected.ts'
import type { ServerCandidate } from './observe-services.ts'

/**
 * The tenants among what was found.
 *
 * What a cluster holds whose primary should be a standby of another is no tenant. Of several clusters those count that
 * the service with the migrations depends on, or those with a family of databases or schemas: another server's only database
 * is another application's.
 */
export function listTenants(
  found: DiscoveredProject,
  candidates: readonly ServerCandidate[],
): readonly Tenant[] {
  const misplaced = new Set(
    found.clusters.filter(({ primary }) => findExpected(primary, found) !== null).map(one => one.name),
  )
  const tenants = found.tenants.filter(tenant => !misplaced.has(tenant.cluster))
  const clusters = [...new Set(tenants.map(tenant => tenant.cluster))]
  if (clusters.length < 2) return tenants
  const needed = findNeeded(found, candidates)
  const chosen = [clusters.filter(name => needed.has(name)), clusters.filter(name => isFamily(name, tenants))]
  const holders = chosen.find(names => names.length > 0) ?? clusters
  return tenants.filter(tenant => holders.includes(tenant.cluster))
}

/** Clusters whose primary the service with the migrations depends on. */
function findNeeded(found: DiscoveredProject, candidates: readonly ServerCandidate[]): ReadonlySet<string> {
  const holder = found.migrations.length > 0 ? chooseMigrations(found.migrations)?.service : null
  const dependsOn = found.services.find(one => one.service === holder)?.dependsOn ?? []
  const serviceOf = (server: string) => candidates.find(one => one.name === server)?.service ?? server
  return new Set(
    found.clusters
      .filter(({ primary }) => dependsOn.includes(serviceOf(primary.server)))
      .map(cluster => cluster.name),
  )
}

function isFamily(cluster: string, tenants: readonly Tenant[]): boolean {
  return tenants.filter(tenant => tenant.cluster === cluster).length > 1
}
