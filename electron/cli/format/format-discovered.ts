import pc from 'picocolors'
import { listNames } from '../../../shared/text/plain-words.ts'
import { describeTopologyFinding } from '../../../shared/topology/describe-finding.ts'
import type { DiscoveredProject, ServiceObservation } from '../../../shared/topology/discovered-project.ts'
import { formatTable } from './format-table.ts'
import { formatClusters } from './format-topology.ts'

/** A Compose project as declared and as observed, for reading: services, clusters, tenants, migrations, findings. */
export function formatDiscovered(found: DiscoveredProject): string {
  const head = `project ${found.project}, ${found.files.join(' + ')} (read by ${found.readBy})\n${describeDaemon(found)}\n`
  const services = formatTable(
    ['service', 'kind', 'container', 'state', 'ports', 'because'],
    found.services.map(describeService),
  )
  const sections = [
    services,
    found.clusters.length > 0 ? formatClusters(found, found.links) : '',
    formatUnplaced(found),
    formatMigrations(found),
    formatFindings(found),
  ]
  return [head, ...sections.filter(section => section !== '')].join('\n')
}

function describeDaemon({ daemon, observation }: DiscoveredProject): string {
  if (daemon.state !== 'connected') {
    const why = daemon.tried.map(one => `${one.endpoint}: ${one.outcome}`).join('; ')
    return `declared, not observed: Docker is ${daemon.state} (${why})`
  }
  const name = daemon.engine === 'podman' ? 'Podman' : 'Docker'
  const kind = daemon.rootless ? `${name} (rootless)` : name
  return `${observation === 'observed' ? 'observed' : 'declared, not observed'}: ${kind} ${daemon.version} at ${daemon.endpoint}`
}

function describeService(service: ServiceObservation): readonly string[] {
  const { container } = service
  const health = container?.health ? ` (${container.health})` : ''
  const ports = (container?.ports ?? []).map(port => `${port.hostPort}->${port.containerPort}`)
  return [
    service.service,
    service.kind,
    container?.name ?? '-',
    container ? `${container.state}${health}` : '-',
    [...new Set(ports)].join(', ') || '-',
    service.reason,
  ]
}

function formatUnplaced({ unplaced }: DiscoveredProject): string {
  if (unplaced.length === 0) return ''
  return formatTable(
    ['server', 'declared', 'observed', 'endpoint'],
    unplaced.map(one => [one.server, one.declaredRole, one.role, one.endpoint]),
  )
}

function formatMigrations({ migrations }: DiscoveredProject): string {
  if (migrations.length === 0) return 'migrations: none found (looked for alembic.ini and *.up.sql)\n'
  return migrations
    .map(({ service, kind, path, interpreter }) => {
      const place = service === null ? 'in this folder' : `in service ${service}`
      const program = interpreter === null ? '' : `, interpreter ${interpreter}`
      return `migrations: ${kind === 'alembic' ? 'Alembic' : 'SQL files'} ${place}: ${path || '.'}${program}\n`
    })
    .join('')
}

/** Findings, one line each and the fix below. */
export function formatFindings({ findings }: Pick<DiscoveredProject, 'findings'>): string {
  const marks = { problem: pc.red('problem'), warning: pc.yellow('warning'), note: pc.dim('note   ') }
  return findings
    .map(finding => {
      const { what, fix } = describeTopologyFinding(finding)
      return `${marks[finding.severity]}  ${what}${fix ? `\n         fix: ${fix}` : ''}\n`
    })
    .join('')
}

/** One line for each change between two looks; nothing when they are equal. */
export function listChanges(before: DiscoveredProject, after: DiscoveredProject): readonly string[] {
  const lines: string[] = []
  for (const [name, text] of describeAll(after)) {
    const old = describeAll(before).get(name)
    if (old !== text) lines.push(`${name}: ${old ?? 'absent'} -> ${text}`)
  }
  const gone = [...describeAll(before).keys()].filter(name => !describeAll(after).has(name))
  return [...lines, ...(gone.length > 0 ? [`gone: ${listNames(gone, 10)}`] : [])]
}

function describeAll(found: DiscoveredProject): ReadonlyMap<string, string> {
  const services = found.services.map(one => {
    const health = one.container?.health ? ` (${one.container.health})` : ''
    return [
      `service ${one.container?.name ?? one.service}`,
      `${one.container?.state ?? 'no container'}${health}`,
    ] as const
  })
  const servers = [
    ...found.clusters.flatMap(cluster => [cluster.primary, ...cluster.standbys]),
    ...found.unplaced,
  ].map(
    one =>
      [
        `server ${one.server}`,
        `${one.role}${one.replication ? `, ${one.replication.receiver ?? 'not receiving'}` : ''}`,
      ] as const,
  )
  return new Map([...services, ...servers])
}
