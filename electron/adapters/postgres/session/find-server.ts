import { LockstepError } from '../../../../shared/failure/failure.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { ServerSettings } from './server-settings.ts'

/** The settings of a configured server. */
export function findServer(servers: readonly ServerSettings[], name: string): ServerSettings {
  const server = servers.find(one => one.name === name)
  if (server !== undefined) return server
  throw new LockstepError({ kind: 'internal', message: `no server is called ${name}` })
}

/** The declared primary of a cluster: where its tenants' writes go. */
export function findPrimary(servers: readonly ServerSettings[], cluster: string): ServerSettings | null {
  return servers.find(one => one.cluster === cluster && one.declaredRole === 'primary') ?? null
}

/** The primary on which a tenant lives. */
export function primaryServerOf(servers: readonly ServerSettings[], tenant: Tenant): ServerSettings {
  const primary = findPrimary(servers, tenant.cluster)
  if (primary === null) throw new LockstepError({ kind: 'primary_missing', cluster: tenant.cluster })
  return primary
}
