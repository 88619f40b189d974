import type { ServiceKind } from '../../shared/topology/discovered-project.ts'
import type { ComposeService } from '../compose/nodes/compose-project.ts'
import { type DeclaredRole, declareRole, type FollowedServer, findFollowed } from './declare-role.ts'
import { findContainerPort } from './find-container-port.ts'
import { imageWords } from './image-name.ts'
import { readCommand, type ServiceCommand } from './read-command.ts'

/** What the declaration of a service says that it is. */
export interface ServiceClass {
  readonly kind: ServiceKind
  /** Such as `image postgres:17`. */
  readonly reason: string
  readonly role: DeclaredRole
  /** The server that it is told to copy, which names its cluster. */
  readonly follows: FollowedServer | null
  /** Where its server listens inside the container. */
  readonly port: number
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))
const poolers = words('pgbouncer pgpool pgpool2 haproxy odyssey pgcat supavisor')
const servers = words(
  'postgres postgresql postgis timescaledb pgvector citus spilo patroni pgvecto paradedb polardb',
)
/** Programs around PostgreSQL that carry its name. */
const companions = words(
  `exporter backup backups client operator meta mcp ui admin migrate migrations migrator proxy agent monitor
   metrics dump restore cron connector debezium init bootstrap`.replace(/\s+/g, ' '),
)

/** Says what a service is by its declaration alone; what only an application would have is no sign of a server. */
export function classifyService(service: ComposeService): ServiceClass {
  const found = classify(service)
  return {
    ...found,
    role:
      found.kind === 'postgres'
        ? declareRole(service)
        : { declared: null, why: 'it is no PostgreSQL server' },
    follows: found.kind === 'postgres' ? findFollowed(service) : null,
    port: findContainerPort(service),
  }
}

function classify(service: ComposeService): Pick<ServiceClass, 'kind' | 'reason'> {
  const parts = service.image ? imageWords(service.image) : []
  const command = readCommand(service)
  const isCompanion = parts.some(part => companions.has(part))
  const pooler =
    parts.find(part => poolers.has(part)) ?? command.words.slice(0, 1).find(word => poolers.has(word))
  if (pooler && !isCompanion) {
    return { kind: 'pooler', reason: service.image ? `image ${service.image}` : `command ${pooler}` }
  }
  const server = parts.some(part => servers.has(part))
  if (command.client !== null) {
    const runs = `command runs ${command.client}`
    return { kind: 'other', reason: server ? `image ${service.image}, but its ${runs}` : runs }
  }
  if (server && !isCompanion) return { kind: 'postgres', reason: `image ${service.image}` }
  const reason = findServerSign(service, command) ?? (isCompanion ? null : findSharedSign(service, command))
  if (reason !== null) return { kind: 'postgres', reason }
  return { kind: 'other', reason: service.image ? `image ${service.image}` : 'nothing speaks for PostgreSQL' }
}

/** What only a server has, in an image of the team's own. */
function findServerSign(service: ComposeService, command: ServiceCommand): string | null {
  if (command.runsServer && command.words.some(word => /(^|\/)postgres$/.test(word)))
    return 'command runs postgres'
  const name = ['POSTGRESQL_REPLICATION_MODE', 'PGDATA'].find(one => service.environment[one])
  if (name) return `environment has ${name}`
  return hasServerPort(service) && isProbed(service) ? 'it exposes 5432 and is probed by pg_isready' : null
}

/** An application shares these with its server by one env_file: its own command and where it connects to give it away. */
function findSharedSign(service: ComposeService, command: ServiceCommand): string | null {
  const { environment } = service
  const name = ['POSTGRES_PASSWORD', 'POSTGRES_PASSWORD_FILE', 'POSTGRES_DB'].find(one => environment[one])
  if (!name) return null
  const connects = Object.keys(environment).some(
    one => /(^|_)(URL|URI|DSN|HOST|SERVER|HOSTNAME)$/.test(one) && !/PRIMARY|MASTER|REPLICA/.test(one),
  )
  const hasOwnProgram = (service.command ?? service.entrypoint) !== null && !command.runsServer
  const waits = Object.keys(service.dependsOn).length > 0
  const looksLikeServer = hasServerPort(service) || isProbed(service)
  if (connects || hasOwnProgram) return null
  return looksLikeServer || (!waits && service.ports.length === 0) ? `environment has ${name}` : null
}

function hasServerPort({ expose, ports }: ComposeService): boolean {
  return ports.some(port => port.target === 5432) || expose.some(port => /^5432(\/tcp)?$/.test(port))
}

function isProbed({ healthcheck }: ComposeService): boolean {
  return healthcheck?.test?.some(word => word.includes('pg_isready')) ?? false
}
