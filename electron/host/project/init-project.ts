import { existsSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'
import type { UndeclaredStandby } from '../../../shared/topology/topology.ts'
import { createPostgres } from '../../adapters/postgres/create-postgres.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { findUndeclared } from '../../discovery/find-undeclared.ts'
import { suggestReplay } from '../../discovery/suggest-replay.ts'
import { matchNames } from '../../engine/topology/match-names.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { describeFoundConfig, type FoundConfig, suggestGroups } from '../discovery/configure-project.ts'
import { describeMigrations, sayMigrations } from '../discovery/describe-migrations.ts'
import { chooseMigrations, lookIntoFolder } from '../discovery/find-migrations.ts'
import { listTenants } from '../discovery/list-tenants.ts'
import { listServerCandidates } from '../discovery/observe-services.ts'
import { refuseForeignMigrations } from '../discovery/refuse-foreign-migrations.ts'
import { surveyProject } from '../discovery/survey-project.ts'
import { type ComposeChoice, openComposeProject } from '../docker/open-compose-project.ts'
import { placeSchema } from './place-schema.ts'

/** What `lockstep init` is told; servers are URLs without a password. */
export interface InitRequest {
  readonly folder: string
  readonly primary: string
  readonly standbys: readonly string[]
  /** Names or globs of tenant databases. */
  readonly tenants: readonly string[]
  readonly force: boolean
}

export interface InitResult {
  readonly file: string
  readonly databases: readonly string[]
  readonly source: string
  /** Standbys that stream from the servers and were not named. */
  readonly undeclared?: readonly UndeclaredStandby[]
}

/** Looks at the servers and the folder, and writes a first `lockstep.yml`. */
export async function initProject(request: InitRequest, signal: AbortSignal): Promise<InitResult> {
  const file = join(request.folder, 'lockstep.yml')
  refuseExisting(file, request.force)
  const migrations = chooseMigrations(lookIntoFolder(request.folder))
  await refuseForeignMigrations(request.folder, migrations, signal)
  const primary = readServer(request.primary, 'primary', 'primary')
  const standbys = request.standbys.map((url, index) => readServer(url, `standby-${index + 1}`, 'standby'))
  const settings = [primary, ...standbys]
  const { servers } = createPostgres(settings)
  const seen = await mapConcurrently(settings, 4, ({ name }) => servers.observe(name, signal))
  for (const { failure } of seen) if (failure) throw new LockstepError(failure)
  const links = await mapConcurrently(settings, 4, ({ name }) => servers.readLinks(name, signal))
  const all = (await servers.listDatabases(primary.name, signal)).filter(
    name => name !== primary.maintenanceDatabase,
  )
  const databases = matchNames(all, request.tenants)
  if (databases.length === 0)
    throw new LockstepError({ kind: 'tenants_empty', looked: `databases: ${request.tenants.join(', ')}` })
  writeConfig(file, {
    version: 1,
    project: basename(request.folder).replace(/[^A-Za-z0-9_.-]/g, '-') || 'project',
    servers: settings.map((server, index) => ({ ...describeServer(server), ...suggestReplay(seen[index]) })),
    tenants: { databases: request.tenants.length === 1 ? request.tenants[0] : request.tenants },
    groups: suggestGroups(databases),
    migrations: describeMigrations(migrations),
  })
  return {
    file,
    databases,
    source: sayMigrations(migrations),
    undeclared: findUndeclared(links, seen.slice(1)),
  }
}

/** Looks at a Compose project as it is, and writes what was found as a first `lockstep.yml`. */
export async function initFromCompose(
  choice: ComposeChoice,
  request: Pick<InitRequest, 'tenants' | 'force'>,
  signal: AbortSignal,
): Promise<InitResult & { readonly found: DiscoveredProject }> {
  const file = join(choice.folder, 'lockstep.yml')
  refuseExisting(file, request.force)
  const composeEnvironment = await openComposeProject(choice, signal)
  try {
    const found = await surveyProject(composeEnvironment, choice.folder, signal)
    const migrations = chooseMigrations(found.migrations)
    await refuseForeignMigrations(choice.folder, migrations, signal)
    const config = describeFoundConfig(found, composeEnvironment, choice)
    const isLeftToUs = request.tenants.every(pattern => pattern === '*')
    const listed = isLeftToUs ? listTenants(found, listServerCandidates(composeEnvironment)) : found.tenants
    const names = listed.map(tenant => tenant.name)
    const databases = matchNames(names, request.tenants)
    if (databases.length === 0)
      throw new LockstepError({ kind: 'tenants_empty', looked: `tenants: ${request.tenants.join(', ')}` })
    const isChosen = databases.length < names.length
    writeConfig(file, isChosen ? narrowTenants(config, found, request.tenants, databases) : config)
    return { file, databases, source: sayMigrations(migrations), found }
  } finally {
    await composeEnvironment.close()
  }
}

/** The patterns as they were given: shortened ones might match a tenant that was left out. */
function narrowTenants(
  config: FoundConfig,
  found: DiscoveredProject,
  patterns: readonly string[],
  chosen: readonly string[],
): FoundConfig {
  const holders = new Set(found.tenants.flatMap(tenant => (tenant.schema ? [tenant.database] : [])))
  const tenants = holders.size > 0 ? { databases: [...holders], schemas: patterns } : { databases: patterns }
  return { ...config, tenants, groups: suggestGroups(chosen) }
}

function refuseExisting(file: string, force: boolean): void {
  if (!existsSync(file) || force) return
  throw new LockstepError({ kind: 'usage', problem: `${file} exists already`, fix: 'lockstep init --force' })
}

function writeConfig(file: string, config: object): void {
  const schema = placeSchema(dirname(file))
  writeFileSync(file, `# yaml-language-server: $schema=${schema}\n${header}${stringify(config)}`)
}

const header = `# Where things are, and how strict the gates are.
# Passwords do not belong here: PGPASSWORD, PGPASSFILE and ~/.pgpass are read, and \${env:NAME} or \${file:PATH} stand for values.
`

function readServer(text: string, name: string, role: 'primary' | 'standby'): ServerSettings {
  const url = parseUrl(text)
  if (!url) {
    throw new LockstepError({
      kind: 'usage',
      problem: `--${role} needs a URL such as postgresql://postgres@localhost:5432/postgres`,
      fix: `lockstep init --${role} postgresql://USER@HOST:PORT/postgres`,
    })
  }
  return {
    name,
    cluster: 'main',
    declaredRole: role,
    host: decodeURIComponent(url.hostname) || '127.0.0.1',
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username) || 'postgres',
    password: url.password === '' ? null : decodeURIComponent(url.password),
    maintenanceDatabase: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    tls: 'disable',
  }
}

function parseUrl(text: string): URL | null {
  try {
    const url = new URL(text)
    return /^postgres(ql)?:$/.test(url.protocol) ? url : null
  } catch {
    return null
  }
}

function describeServer(server: ServerSettings) {
  const { name, declaredRole: role, host, port, user, maintenanceDatabase: database } = server
  return { name, role, host, port, user, database }
}
