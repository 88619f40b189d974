import type { ContainerFacts, DaemonState } from '../../shared/server/docker-container.ts'
import type {
  FindingFact,
  FoundMigrations,
  ServiceObservation,
  TopologyFinding,
} from '../../shared/topology/discovered-project.ts'
import type { ComposeWarning } from '../compose/nodes/compose-project.ts'
import { mayBeSameImage } from './image-name.ts'
import { findForeignPlaces, type ProjectPlace } from './project-places.ts'

/** A project as declared, and what its daemon has of it. */
export interface JudgeServicesRequest {
  readonly project: string
  readonly daemon: DaemonState
  readonly services: readonly ServiceObservation[]
  /** Every container that bears the project's name. */
  readonly containers: readonly ContainerFacts[]
  /** Where the files were read that the question is about; null where the daemon sees another disk. */
  readonly place: ProjectPlace | null
  readonly warnings: readonly ComposeWarning[]
  readonly migrations: readonly FoundMigrations[]
}

/** Says what a person should know of a project's files, services and containers. */
export function judgeServices(request: JudgeServicesRequest): readonly TopologyFinding[] {
  const { project, daemon, services, containers, place, migrations } = request
  const isObserved = daemon.state === 'connected'
  const unobserved: readonly TopologyFinding[] = isObserved
    ? []
    : [
        {
          severity: 'warning',
          subject: project,
          what: { kind: 'declared_not_observed', state: daemon.state },
        },
      ]
  const folders = findForeignPlaces(containers, place)
  const shared: readonly TopologyFinding[] =
    folders.length > 0
      ? [{ severity: 'warning', subject: project, what: { kind: 'project_name_shared', folders } }]
      : []
  return [
    ...unobserved,
    ...request.warnings.map(describeWarning(project)),
    ...shared,
    ...dropRepeats(services.flatMap(service => judgeService(service, request, isObserved))),
    ...judgeMigrations(project, migrations),
  ]
}

function judgeService(
  service: ServiceObservation,
  { containers }: JudgeServicesRequest,
  isObserved: boolean,
): readonly TopologyFinding[] {
  const { kind, isDeclared, container, image, service: subject } = service
  const isServer = kind === 'postgres'
  const say = (severity: TopologyFinding['severity'], what: FindingFact): TopologyFinding => ({
    severity,
    subject,
    what,
  })
  if (!isDeclared) return [say(isServer ? 'warning' : 'note', { kind: 'not_declared' })]
  const findings: TopologyFinding[] = []
  if (kind === 'pooler') findings.push(say('note', { kind: 'pooler', image: image ?? service.reason }))
  // What Lockstep has nothing to do with may be as it likes.
  if (kind === 'other' || !isObserved) return findings
  const severity = isServer ? 'problem' : 'warning'
  if (container?.state !== 'running') {
    findings.push(say(severity, { kind: 'not_running', state: container?.state ?? 'missing' }))
    return findings
  }
  if (container.health === 'unhealthy') {
    findings.push(say(severity, { kind: 'unhealthy', health: container.health }))
  }
  if (container.restarts > 0) {
    findings.push(say('warning', { kind: 'restarted', restarts: container.restarts }))
  }
  const observed = containers.find(one => one.id === container.id)?.image ?? null
  if (image !== null && observed !== null && !mayBeSameImage(image, observed)) {
    findings.push(say('warning', { kind: 'image_differs', declared: image, observed }))
  }
  return findings
}

/** A service with several containers is there several times. */
function dropRepeats(findings: readonly TopologyFinding[]): readonly TopologyFinding[] {
  return [...new Map(findings.map(finding => [JSON.stringify(finding), finding])).values()]
}

function describeWarning(project: string): (warning: ComposeWarning) => TopologyFinding {
  return ({ file, line, column, problem }) => ({
    severity: 'warning',
    subject: project,
    what: { kind: 'compose_warning', problem, at: `${file}:${line}:${column}` },
  })
}

function judgeMigrations(project: string, found: readonly FoundMigrations[]): readonly TopologyFinding[] {
  const places = [
    ...new Set(found.map(({ service, path }) => (service === null ? path : `${service}:${path}`))),
  ]
  if (places.length < 2) return []
  return [{ severity: 'warning', subject: project, what: { kind: 'several_migrations', places } }]
}
