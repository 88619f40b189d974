import type { ComposeService } from '../compose/nodes/compose-project.ts'
import { readCommand } from './read-command.ts'

/** What the Compose files say that a server is. A declaration, never a proof. */
export interface DeclaredRole {
  readonly declared: 'primary' | 'standby' | null
  /** Such as `POSTGRESQL_REPLICATION_MODE is slave`. */
  readonly why: string
}

/** The server that a standby is told to follow, as seen from its container. */
export interface FollowedServer {
  readonly host: string
  readonly port: number | null
}

const modeVariables = ['POSTGRESQL_REPLICATION_MODE', 'POSTGRES_REPLICATION_MODE', 'PG_MODE']
const sourceVariables: readonly (readonly [host: string, port: string])[] = [
  ['POSTGRESQL_MASTER_HOST', 'POSTGRESQL_MASTER_PORT_NUMBER'],
  ['POSTGRES_MASTER_HOST', 'POSTGRES_MASTER_PORT'],
  ['REPLICATE_FROM', 'REPLICATE_FROM_PORT'],
  ['PG_PRIMARY_HOST', 'PG_PRIMARY_PORT'],
  ['POSTGRES_PRIMARY_HOST', 'POSTGRES_PRIMARY_PORT'],
  ['PRIMARY_HOST', 'PRIMARY_PORT'],
  ['MASTER_HOST', 'MASTER_PORT'],
  ['REPMGR_PRIMARY_HOST', 'REPMGR_PRIMARY_PORT'],
]
const primaryWords = new Set(['primary', 'master', 'leader', 'writer'])
const standbyWords = new Set(['standby', 'replica', 'slave', 'follower', 'reader'])

/** Reads the role that a service is declared to have: from its environment, its command, and at last its name. */
export function declareRole(service: ComposeService): DeclaredRole {
  return (
    roleByMode(service) ??
    roleBySource(service) ??
    roleByCommand(service) ??
    roleByName(service) ?? { declared: null, why: 'nothing says whether it is a primary or a standby' }
  )
}

/** The server that a service is told to copy; null when it is told of none. */
export function findFollowed(service: ComposeService): FollowedServer | null {
  const source = findSource(service)
  if (source) {
    return isItself(service, source.host) ? null : { host: source.host, port: source.port }
  }
  const { words } = readCommand(service)
  const start = words.findIndex(word => /(^|\/)pg_basebackup$/.test(word))
  if (start < 0) return null
  const host = optionOf(words.slice(start), '-h', '--host') ?? service.environment.PGHOST
  if (!host) return null
  return { host: expand(host, service), port: readPort(optionOf(words.slice(start), '-p', '--port')) }
}

function roleByMode({ environment }: ComposeService): DeclaredRole | null {
  for (const variable of modeVariables) {
    const mode = environment[variable]
    if (!mode) continue
    const word = mode.toLowerCase()
    if (primaryWords.has(word)) return { declared: 'primary', why: `${variable} is ${mode}` }
    if (standbyWords.has(word)) return { declared: 'standby', why: `${variable} is ${mode}` }
  }
  return null
}

function roleBySource(service: ComposeService): DeclaredRole | null {
  const source = findSource(service)
  if (!source) return null
  // repmgr gives every member the same first primary.
  return isItself(service, source.host)
    ? { declared: 'primary', why: `${source.variable} is the service itself` }
    : { declared: 'standby', why: `${source.variable} is ${source.host}` }
}

function roleByCommand(service: ComposeService): DeclaredRole | null {
  const { words } = readCommand(service)
  const sign = ['pg_basebackup', 'standby.signal', 'primary_conninfo'].find(one =>
    words.some(word => word.includes(one)),
  )
  if (!sign) return null
  return {
    declared: 'standby',
    why: sign === 'pg_basebackup' ? 'its command runs pg_basebackup' : `its command sets ${sign}`,
  }
}

function roleByName({ name, containerName, hostname }: ComposeService): DeclaredRole | null {
  for (const candidate of [name, containerName, hostname]) {
    if (!candidate) continue
    const words = splitName(candidate)
    const isPrimary = words.some(word => primaryWords.has(word))
    const isStandby = words.some(word => standbyWords.has(word))
    if (isPrimary === isStandby) continue
    return { declared: isPrimary ? 'primary' : 'standby', why: `it is called ${candidate}` }
  }
  return null
}

/** The words of a name, without numbers: `pgReplica2` gives `pg` and `replica`. */
export function splitName(name: string): readonly string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(word => word !== '')
}

/** A name without what it says of a role: `orders-replica-2` gives `orders`. */
export function stemOf(name: string): string {
  return splitName(name)
    .filter(word => !primaryWords.has(word) && !standbyWords.has(word))
    .join('-')
}

function findSource({
  environment,
}: ComposeService): (FollowedServer & { readonly variable: string }) | null {
  for (const [variable, portVariable] of sourceVariables) {
    const host = environment[variable]
    if (host) return { host, port: readPort(environment[portVariable]), variable }
  }
  return null
}

function isItself({ name, containerName, hostname }: ComposeService, host: string): boolean {
  return [name, containerName, hostname].includes(host)
}

function optionOf(words: readonly string[], short: string, long: string): string | null {
  for (const [index, word] of words.entries()) {
    const next = words[index + 1]
    if ((word === short || word === long) && next) return next
    if (word.startsWith(`${long}=`)) return word.slice(long.length + 1)
    if (word.startsWith(short) && !word.startsWith('--') && word.length > 2) return word.slice(2)
  }
  return null
}

/** A script names its host by a variable of the service, at times. */
function expand(text: string, { environment }: ComposeService): string {
  const plain = text.replace(/^["']|["';]+$/g, '')
  const variable = /^\$\{?(\w+)\}?$/.exec(plain)?.[1]
  return (variable && environment[variable]) || plain
}

function readPort(text: string | null | undefined): number | null {
  const port = Number(text ?? '')
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}
