import type { DaemonState } from '../../../shared/server/docker-container.ts'
import type { DiscoveredProject, TopologyFinding } from '../../../shared/topology/discovered-project.ts'
import type { Cluster } from '../../../shared/topology/topology.ts'
import type { Postgres } from '../../adapters/postgres/create-postgres.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { arrangeClusters } from '../../discovery/arrange-clusters.ts'
import { findCredentials } from '../../discovery/find-credentials.ts'
import { judgeServices } from '../../discovery/judge-services.ts'
import { withoutSubscribers } from '../../discovery/without-subscribers.ts'
import type { ComposeEnvironment } from '../docker/open-compose-environment.ts'
import { findMigrations } from './find-migrations.ts'
import { type InitialDatabases, suggestTenantsOf } from './find-tenants.ts'
import { listAddresses } from './list-addresses.ts'
import { measureLag } from './measure-lag.ts'
import { listServerCandidates, observeServices, type ServerCandidate } from './observe-services.ts'
import { surveyServers, withServers } from './survey-servers.ts'

/**
 * Finds out what a Compose project is made of: services, servers and what they prove to be, tenants, migrations.
 *
 * Nothing is changed, and nothing that cannot be asked stops it: that is a finding.
 */
export async function surveyProject(
  compose: ComposeEnvironment,
  folder: string,
  signal: AbortSignal,
): Promise<DiscoveredProject> {
  const { declared, daemon } = compose
  const services = observeServices(compose)
  const others = services.filter(one => one.kind === 'other' && one.isDeclared).map(one => one.service)
  const candidates = listServerCandidates(compose)
  const looking = findMigrations(compose, [...new Set(others)], folder, signal)
  looking.catch(() => undefined)
  const servers = await withServers(
    candidates,
    compose,
    (postgres, settings) => surveyClusters({ postgres, settings, compose }, signal),
    signal,
  )
  const migrations = await looking
  const holders = new Set(migrations.map(one => one.service))
  return {
    project: declared.project.name,
    files: declared.files,
    readBy: declared.readBy,
    daemon,
    observation: daemon.state === 'connected' ? 'observed' : 'declared_only',
    services: services.map(one => (holders.has(one.service) ? { ...one, kind: 'migrations' } : one)),
    ...servers,
    migrations,
    findings: [
      ...judgeServices({
        project: declared.project.name,
        daemon,
        services,
        containers: [...compose.containers, ...compose.namesakes],
        place: isLocal(daemon) ? { folder, files: declared.absoluteFiles } : null,
        warnings: declared.warnings,
        migrations,
      }),
      ...servers.findings.filter(finding => !isSaidAlready(finding)),
    ],
  }
}

/** That a container does not run is said of its service, and that there is no daemon of the project. */
function isSaidAlready({ what }: TopologyFinding): boolean {
  if (what.kind !== 'unreachable') return false
  return what.failure.kind === 'container_not_running' || what.failure.kind === 'docker_unavailable'
}

interface Survey {
  readonly postgres: Postgres
  readonly settings: readonly ServerSettings[]
  readonly compose: ComposeEnvironment
}

type SurveyedClusters = Pick<DiscoveredProject, 'clusters' | 'unplaced' | 'links' | 'tenants' | 'findings'>

async function surveyClusters(survey: Survey, signal: AbortSignal): Promise<SurveyedClusters> {
  const { postgres, settings, compose } = survey
  const candidates = listServerCandidates(compose)
  const { observations, links } = await surveyServers(postgres, settings, signal)
  const arranged = arrangeClusters({
    observations,
    declarations: candidates.map(({ name, role, follows }) => ({ server: name, role, follows })),
    links,
    addresses: listAddresses(candidates, compose),
  })
  const clusters: readonly Cluster[] = await measureLag(arranged.clusters, postgres, signal)
  const tenants = await suggestTenantsOf(
    withoutSubscribers({ ...arranged, clusters }),
    postgres,
    listInitial(candidates, compose),
    signal,
  )
  return { ...arranged, clusters, tenants }
}

/** Folders mean the same to the daemon and to us only on one machine. */
function isLocal(daemon: DaemonState): boolean {
  return daemon.state === 'connected' && /^(unix|npipe):/.test(daemon.endpoint)
}

function listInitial(
  candidates: readonly ServerCandidate[],
  { declared }: ComposeEnvironment,
): InitialDatabases {
  return new Map(
    candidates.map(({ name, service }) => {
      const entries = Object.entries(declared.project.services[service]?.environment ?? {})
      const environment = Object.fromEntries(entries.flatMap(([key, value]) => (value ? [[key, value]] : [])))
      return [name, findCredentials(environment, () => undefined).initialDatabase]
    }),
  )
}
