import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { ClosingRun } from '../../../shared/server/closed-reason.ts'
import type { ClosedDatabase, Cluster, Tenant, Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { ClosedByRun } from '../open-runs/list-closed-by-runs.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { matchNames } from './match-names.ts'
import { isOfOneTenant } from './unreadable-tenants.ts'

interface FoundTenants extends Required<Pick<Topology, 'tenants' | 'unreadable' | 'passedOver'>> {
  /** Databases that `tenants.databases` names one by one, and the cluster does not have. */
  readonly missing: readonly string[]
}
type Ports = Pick<EnginePorts, 'servers'>

/** Finds the tenants of a cluster; what matches and cannot be read is named, and never left out in silence. */
export async function findTenants(
  config: ProjectConfig,
  cluster: Cluster,
  ports: Ports,
  listClosedByRuns: () => Promise<readonly ClosedByRun[]>,
  signal: AbortSignal,
): Promise<FoundTenants> {
  const { server } = cluster.primary
  const found = await findDatabases(config, cluster, ports, listClosedByRuns, signal)
  const { schemas, exclude, appRole } = config.tenants
  const { candidates, failed } = schemas
    ? await findSchemas(server, found.open, schemas, ports, signal)
    : { candidates: found.open.map(name => ({ name, database: name })), failed: [] }
  const closed = found.closed.map(({ name, ...reason }) => ({
    tenant: name,
    failure: { kind: 'database_closed', server, database: name, ...reason } as const,
  }))
  const isIncluded = (name: string) => !exclude || matchNames([name], exclude).length === 0
  return {
    tenants: candidates
      .filter(({ name }) => isIncluded(name))
      .map(candidate => ({
        ...candidate,
        cluster: cluster.name,
        appRole: appRole ? appRole.replaceAll('{tenant}', candidate.name) : null,
      })),
    unreadable: [...closed, ...failed]
      .filter(({ tenant }) => isIncluded(tenant))
      .map(({ tenant, failure }) => ({ tenant, cluster: cluster.name, failure })),
    passedOver: found.passedOver
      .filter(({ name }) => isIncluded(name))
      .map(one => ({ ...one, cluster: cluster.name, server })),
    missing: found.missing.filter(isIncluded),
  }
}

interface FoundDatabases {
  readonly open: readonly string[]
  /** Meant as tenants, and closed to us. */
  readonly closed: readonly (ClosedDatabase & { readonly by?: ClosingRun })[]
  readonly passedOver: readonly ClosedDatabase[]
  readonly missing: readonly string[]
}

async function findDatabases(
  config: ProjectConfig,
  cluster: Cluster,
  ports: Ports,
  listClosedByRuns: () => Promise<readonly ClosedByRun[]>,
  signal: AbortSignal,
): Promise<FoundDatabases> {
  const primary = cluster.primary.server
  const { query, databases = [] } = config.tenants
  const maintenance = config.servers.find(server => server.name === primary)?.database
  const [open, shut] = await Promise.all([
    query
      ? ports.servers.queryTenantNames(primary, query, signal)
      : listCandidates(primary, maintenance, ports, signal).then(names => matchNames(names, databases)),
    ports.servers.listClosedDatabases(primary, signal),
  ])
  const isNamed = ({ name }: ClosedDatabase) =>
    isInGroup(config, name) || (query ? open.includes(name) : [databases].flat().includes(name))
  const matched = query
    ? shut.filter(isNamed)
    : shut.filter(({ name }) => matchNames([name], databases).length > 0)
  // A closed database is none of the team's business where Lockstep has closed it, whatever finds the tenants.
  const byRuns = shut.some(({ why }) => why === 'closed') ? await listClosedByRuns() : []
  const ours = shut.flatMap(one => {
    const run = byRuns.find(
      ({ database, ...place }) => database === one.name && place.cluster === cluster.name,
    )
    return run && one.why === 'closed' ? [{ ...one, by: run.by }] : []
  })
  const isOurs = ({ name }: ClosedDatabase) => ours.some(one => one.name === name)
  const others = matched.filter(one => !isOurs(one))
  const closed = others.filter(one => isNamed(one) || isTenant(one))
  return {
    open: [...new Set(open)].filter(name => shut.every(one => one.name !== name)),
    closed: [...ours, ...closed],
    passedOver: others.filter(one => !closed.includes(one)),
    missing: query
      ? []
      : listLiterals(databases).filter(
          name => name !== maintenance && !open.includes(name) && shut.every(one => one.name !== name),
        ),
  }
}

/** Names of databases that are no patterns: each of them is meant to be there. */
function listLiterals(databases: string | readonly string[]): readonly string[] {
  return [databases].flat().filter(name => !/[*?]/.test(name))
}

/** A group that names a database, or a schema in it, means it as a tenant, whatever a pattern elsewhere happens to match. */
function isInGroup({ groups }: ProjectConfig, database: string): boolean {
  const named = groups.flatMap(group => listLiterals(group.tenants))
  return named.some(name => name === database || name.startsWith(`${database}.`))
}

/** A pattern may happen to match a template, or what was closed on purpose; a database that is broken, or closed to us alone, has to be settled. */
function isTenant({ why }: ClosedDatabase): boolean {
  return why === 'invalid' || why === 'no_connect'
}

/** A schema is called by its own name where only one database is looked at, and by both where the same name could come twice. */
async function findSchemas(
  primary: string,
  databases: readonly string[],
  patterns: string | readonly string[],
  ports: Ports,
  signal: AbortSignal,
) {
  const found = await mapConcurrently(databases, 8, async database => {
    try {
      const schemas = await ports.servers.listSchemas(primary, database, signal)
      const ours = schemas.filter(name => !/^(public|information_schema|pg_.*)$/s.test(name))
      const candidates = matchNames(ours, patterns).map(
        (schema): Pick<Tenant, 'name' | 'database' | 'schema'> => ({
          name: databases.length > 1 ? `${database}.${schema}` : schema,
          database,
          schema,
        }),
      )
      return { candidates, failed: [] }
    } catch (error) {
      const failure = toFailure(error)
      if (!isOfOneTenant(failure)) throw error
      return { candidates: [], failed: [{ tenant: database, failure }] }
    }
  })
  const failed = found.flatMap(one => one.failed)
  const [first] = failed
  // What holds for all of them is no matter of one database.
  if (first && failed.length === databases.length) throw new LockstepError(first.failure)
  return { candidates: found.flatMap(one => one.candidates), failed }
}

async function listCandidates(
  primary: string,
  maintenance: string | undefined,
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = await ports.servers.listDatabases(primary, signal)
  return all.filter(name => name !== maintenance)
}
