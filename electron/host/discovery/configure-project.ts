import { relative } from 'node:path'
import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'
import type { ServerObservation, Tenant } from '../../../shared/topology/topology.ts'
import { chooseMigrations } from '../../app/init/choose-migrations.ts'
import { describeMigrations } from '../../app/init/describe-migrations.ts'
import { suggestGroups } from '../../app/init/suggest-groups.ts'
import { type ProjectConfig, projectConfigSchema, type ServerConfig } from '../../config/project-config.ts'
import { findCredentials } from '../../discovery/find-credentials.ts'
import { suggestReplay } from '../../discovery/suggest-replay.ts'
import { suggestTenants } from '../../discovery/suggest-tenants.ts'
import { withoutSubscribers } from '../../discovery/without-subscribers.ts'
import type { ComposeEnvironment } from '../docker/open-compose-environment.ts'
import type { ComposeChoice } from '../docker/open-compose-project.ts'
import { findCopies } from './find-copies.ts'
import { findExpected } from './find-expected.ts'
import { listTenants } from './list-tenants.ts'
import { listServerCandidates, type ServerCandidate } from './observe-services.ts'
import { refuseForeignProject } from './refuse-foreign-project.ts'

/** What was found, as the text of a project file would say it. */
export type FoundConfig = Readonly<Record<string, unknown>>

/** What a discovered project would be configured with; fails where a run would have nothing to work on. */
export function describeFoundConfig(
  found: DiscoveredProject,
  compose: ComposeEnvironment,
  choice: ComposeChoice,
): FoundConfig {
  refuseForeignProject(compose)
  const candidates = listServerCandidates(compose)
  refuseUncertainPrimary(found, candidates)
  refuseUnknownHolder(found)
  const servers = listServers(found, candidates, compose)
  const tenants = listTenants(found, candidates).map(tenant => tenant.name)
  const { daemon } = found
  if (servers.length === 0 && daemon.state !== 'connected')
    throw new LockstepError({ kind: 'docker_unavailable', state: daemon.state, tried: daemon.tried })
  const [silent] = found.unplaced.flatMap(one => one.failure ?? [])
  if (servers.length === 0)
    throw new LockstepError(silent ?? { kind: 'primary_missing', cluster: found.project })
  if (tenants.length === 0)
    throw new LockstepError({ kind: 'tenants_empty', looked: 'the databases of the primary' })
  const hasStandbys = servers.some(server => server.role === 'standby')
  return {
    version: 1,
    project: found.project,
    compose: describeCompose(found, compose, choice),
    servers,
    tenants: describeTenants(listTenants(found, candidates)),
    groups: suggestGroups(tenants),
    migrations: describeMigrations(chooseMigrations(found.migrations)),
    ...(hasStandbys ? {} : { gates: { replica_lag: { requireStandbys: false } } }),
  }
}

/** The same as a configuration with its defaults. */
export function configureProject(config: FoundConfig): ProjectConfig {
  return projectConfigSchema.parse(config)
}

type FoundServer = {
  readonly name: string
  readonly service: string
  readonly number?: number
  readonly role: ServerConfig['role']
  readonly cluster?: string
  readonly replay?: ServerConfig['replay']
  readonly user?: string
}

/**
 * Servers as they were proven to be.
 *
 * A standby that could not be placed, or belongs elsewhere than it is declared, stays a declared standby where it
 * should be: the gates then stop a run, and say why.
 */
function listServers(
  found: DiscoveredProject,
  candidates: readonly ServerCandidate[],
  compose: ComposeEnvironment,
): readonly FoundServer[] {
  const clusters = withoutSubscribers(found)
  const placed = clusters.flatMap(cluster => {
    const expected = findExpected(cluster.primary, found)
    return [
      expected === null
        ? declare(cluster.primary, 'primary', cluster.name)
        : declare(cluster.primary, 'standby', expected),
      ...cluster.standbys.map(one =>
        declare(one, 'standby', findExpected(one, found) ?? expected ?? cluster.name),
      ),
    ]
  })
  const [only] = clusters.length === 1 ? clusters : []
  const unplaced = found.unplaced.flatMap(one => {
    const cluster = findExpected(one, found) ?? only?.name
    return one.declaredRole === 'standby' && cluster !== undefined ? [declare(one, 'standby', cluster)] : []
  })
  const subscribers = found.links.flatMap(({ kind, server, from }) => {
    const cluster = kind === 'logical' ? clusters.find(one => one.primary.server === from) : undefined
    return cluster ? [{ server, role: 'subscriber' as const, cluster: cluster.name }] : []
  })
  const copies = findCopies(candidates, compose)
  const isUnproven = (server: string) => unplaced.some(one => one.server === server) && !copies.has(server)
  return [...placed, ...unplaced, ...keepFirst(subscribers)].map(({ server, role, cluster }) => {
    const candidate = candidates.find(one => one.name === server)
    const number = candidate?.number ?? null
    const environment = compose.declared.project.services[candidate?.service ?? server]?.environment
    return {
      name: server,
      service: candidate?.service ?? server,
      ...(number === null ? {} : { number }),
      role,
      ...suggestReplay(clusters.flatMap(one => one.standbys).find(one => one.server === server)),
      ...(cluster === 'main' ? {} : { cluster }),
      // With a user of its own it is not given the login of a primary that nothing shows to be its own.
      ...(isUnproven(server) ? { user: findCredentials(environment ?? {}, () => undefined).user } : {}),
    }
  })
}

/** One that subscribes in several databases is still one server. */
function keepFirst<T extends { readonly server: string }>(servers: readonly T[]): readonly T[] {
  return servers.filter((one, index) => servers.findIndex(other => other.server === one.server) === index)
}

/**
 * A standby that acts as a primary is migrated only where nothing speaks against it: while a declared primary cannot be
 * asked, both may take writes, and it is not known which of them the application uses.
 */
function refuseUncertainPrimary(found: DiscoveredProject, candidates: readonly ServerCandidate[]): void {
  const roleOf = (server: string) => candidates.find(one => one.name === server)?.role.declared ?? null
  const acting = withoutSubscribers(found).some(
    ({ primary }) => primary.role === 'primary' && roleOf(primary.server) === 'standby',
  )
  const silent = found.unplaced.find(one => one.role === 'unreachable' && roleOf(one.server) === 'primary')
  if (acting && silent?.failure) throw new LockstepError(silent.failure)
}

/** A primary that answers and does not let us in may be the one with the tenants: then no other databases are taken for them. */
function refuseUnknownHolder(found: DiscoveredProject): void {
  const closed = found.unplaced.find(
    ({ role, declaredRole, failure }) =>
      role === 'unreachable' && declaredRole === 'primary' && failure !== null && isAnswer(failure),
  )
  if (closed?.failure) throw new LockstepError(closed.failure)
}

function isAnswer(failure: Failure): boolean {
  if (failure.kind === 'server_unreachable') return failure.code.startsWith('57P')
  return ['authentication_failed', 'database_error', 'database_missing'].includes(failure.kind)
}

function declare({ server }: ServerObservation, role: 'primary' | 'standby', cluster: string) {
  return { server, role, cluster }
}

/** Patterns where they match just what was found; schemas are looked for in their databases only. */
function describeTenants(tenants: readonly Tenant[]): object {
  const schemas = tenants.flatMap(tenant => tenant.schema ?? [])
  const databases = [...new Set(tenants.map(tenant => tenant.database))]
  return schemas.length > 0 ? { databases, schemas: shorten(schemas) } : { databases: shorten(databases) }
}

function shorten(names: readonly string[]): readonly string[] | string {
  const { patterns, databases: matched } = suggestTenants(names, null)
  const all = matched.length === names.length ? patterns : names
  return all.length === 1 ? (all[0] ?? '') : all
}

/** With the files by name, so that a run does not depend on variables such as COMPOSE_FILE. */
function describeCompose(
  found: DiscoveredProject,
  { declared }: ComposeEnvironment,
  { folder, profiles, envFiles }: ComposeChoice,
): object {
  return {
    files: declared.absoluteFiles.map(file => relative(folder, file) || file),
    project: found.project,
    ...(profiles.length > 0 ? { profiles } : {}),
    ...(envFiles ? { envFiles } : {}),
  }
}
