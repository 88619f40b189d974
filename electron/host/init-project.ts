import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stringify } from 'yaml'
import type { DiscoveredProject } from '../../shared/discovery/discovered-project.ts'
import { LockstepError } from '../../shared/failure.ts'
import { createPostgres } from '../adapters/postgres/create-postgres.ts'
import type { ServerSettings } from '../adapters/postgres/server-settings.ts'
import { matchNames } from '../engine/match-names.ts'
import { describeFoundConfig } from './discovery/configure-project.ts'
import { chooseMigrations } from './discovery/find-migrations.ts'
import { surveyProject } from './discovery/survey-project.ts'
import { type ComposeChoice, openComposeProject } from './docker/open-compose-project.ts'

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
}

/** Looks at the servers and the folder, and writes a first `lockstep.yml`. */
export async function initProject(request: InitRequest, signal: AbortSignal): Promise<InitResult> {
  const file = join(request.folder, 'lockstep.yml')
  refuseExisting(file, request.force)
  const primary = readServer(request.primary, 'primary', 'primary')
  const standbys = request.standbys.map((url, index) => readServer(url, `standby-${index + 1}`, 'standby'))
  const settings = [primary, ...standbys]
  const { servers } = createPostgres(settings)
  for (const { name } of settings) {
    const seen = await servers.observe(name, signal)
    if (seen.failure) throw new LockstepError(seen.failure)
  }
  const all = (await servers.listDatabases(primary.name, signal)).filter(
    name => name !== primary.maintenanceDatabase,
  )
  const databases = matchNames(all, request.tenants)
  if (databases.length === 0)
    throw new LockstepError({ kind: 'tenants_empty', looked: `databases: ${request.tenants.join(', ')}` })
  const migrations = findMigrations(request.folder)
  writeConfig(file, {
    version: 1,
    project: basename(request.folder).replace(/[^A-Za-z0-9_.-]/g, '-') || 'project',
    servers: settings.map(describeServer),
    tenants: { databases: request.tenants.length === 1 ? request.tenants[0] : request.tenants },
    groups: [
      { name: 'canary', tenants: [databases[0]], mode: 'atomic', parallel: 1 },
      { name: 'rest', tenants: ['*'], mode: 'atomic', parallel: 4 },
    ],
    migrations: migrations.config,
  })
  return { file, databases, source: migrations.found }
}

/** Looks at a Compose project as it is, and writes what was found as a first `lockstep.yml`. */
export async function initFromCompose(
  choice: ComposeChoice,
  request: Pick<InitRequest, 'tenants' | 'force'>,
  signal: AbortSignal,
): Promise<InitResult & { readonly found: DiscoveredProject }> {
  const file = join(choice.folder, 'lockstep.yml')
  refuseExisting(file, request.force)
  const surroundings = await openComposeProject(choice, signal)
  try {
    const found = await surveyProject(surroundings, choice.folder, signal)
    const config = describeFoundConfig(found, surroundings, choice)
    const names = found.tenants.map(tenant => tenant.name)
    const databases = matchNames(names, request.tenants)
    const isChosen = databases.length < names.length
    writeConfig(file, {
      ...config,
      ...(isChosen
        ? {
            tenants: { databases: request.tenants },
            groups: [
              { name: 'canary', tenants: [databases[0]], mode: 'atomic', parallel: 1 },
              { name: 'rest', tenants: ['*'], mode: 'atomic', parallel: 4 },
            ],
          }
        : {}),
    })
    const chosen = chooseMigrations(found.migrations)
    const place = chosen?.service ? ` in service ${chosen.service}` : ''
    return { file, databases, source: chosen ? `${chosen.path}${place}` : nothingYet, found }
  } finally {
    await surroundings.close()
  }
}

function refuseExisting(file: string, force: boolean): void {
  if (!existsSync(file) || force) return
  throw new LockstepError({ kind: 'usage', problem: `${file} exists already`, fix: 'lockstep init --force' })
}

function writeConfig(file: string, config: object): void {
  writeFileSync(file, `${header}${stringify(config)}`)
}

const nothingYet = 'nothing yet: alembic.ini was assumed'

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

function findMigrations(folder: string): { readonly found: string; readonly config: object } {
  if (existsSync(join(folder, 'alembic.ini')))
    return { found: 'alembic.ini', config: { alembic: { config: 'alembic.ini' } } }
  const names = ['migrations', 'sql', 'db/migrations']
  const sql = names.find(
    name =>
      existsSync(join(folder, name)) &&
      readdirSync(join(folder, name)).some(file => file.endsWith('.up.sql')),
  )
  if (sql) return { found: `${sql}/*.up.sql`, config: { sql: { folder: sql } } }
  return { found: nothingYet, config: { alembic: { config: 'alembic.ini' } } }
}
