import { existsSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stringify } from 'yaml'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'
import { createPostgres } from '../../adapters/postgres/create-postgres.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { chooseMigrations } from '../../app/init/choose-migrations.ts'
import {
  type InitRequest,
  type InitResult,
  initFromFound,
  initFromServers,
  type NamedServer,
} from '../../app/init/init-project.ts'
import type { ProjectFolder } from '../../app/ports/project-folder.ts'
import { describeFoundConfig } from '../discovery/configure-project.ts'
import { lookIntoFolder } from '../discovery/find-migrations.ts'
import { listTenants } from '../discovery/list-tenants.ts'
import { listServerCandidates } from '../discovery/observe-services.ts'
import { refuseForeignMigrations } from '../discovery/refuse-foreign-migrations.ts'
import { surveyProject } from '../discovery/survey-project.ts'
import { type ComposeChoice, openComposeProject } from '../docker/open-compose-project.ts'
import { placeSchema } from './place-schema.ts'

/** Servers as URLs without a password, and the folder of their project. */
export interface BeginRequest extends InitRequest {
  readonly folder: string
  readonly primary: string
  readonly standbys: readonly string[]
}

/** Begins a project with servers that are named. */
export function beginWithServers(request: BeginRequest, signal: AbortSignal): Promise<InitResult> {
  const { folder, tenants, force } = request
  const primary = readServer(request.primary, 'primary', 'primary')
  const standbys = request.standbys.map((url, index) => readServer(url, `standby-${index + 1}`, 'standby'))
  const named = [describeServer(primary), ...standbys.map(describeServer)] as const
  const { servers } = createPostgres([primary, ...standbys])
  const ports = { folder: openFolder(folder), servers }
  return initFromServers({ project: basename(folder), named, tenants, force }, ports, signal)
}

/** Begins a project with its Compose files, as everything is found to be. */
export function beginWithCompose(
  choice: ComposeChoice,
  request: InitRequest,
  signal: AbortSignal,
): Promise<InitResult & { readonly found: DiscoveredProject }> {
  const survey = async () => {
    const compose = await openComposeProject(choice, signal)
    try {
      const found = await surveyProject(compose, choice.folder, signal)
      return {
        found,
        migrations: chooseMigrations(found.migrations),
        listTenants: () => listTenants(found, listServerCandidates(compose)).map(tenant => tenant.name),
        describeConfig: () => describeFoundConfig(found, compose, choice),
      }
    } finally {
      await compose.close()
    }
  }
  return initFromFound(request, openFolder(choice.folder), survey, signal)
}

function openFolder(folder: string): ProjectFolder {
  const file = join(folder, 'lockstep.yml')
  return {
    file,
    hasFile: () => existsSync(file),
    findMigrations: () => lookIntoFolder(folder),
    refuseForeignMigrations: (chosen, signal) => refuseForeignMigrations(folder, chosen, signal),
    writeFile(config) {
      const schema = placeSchema(folder)
      writeFileSync(file, `# yaml-language-server: $schema=${schema}\n${header}${stringify(config)}`)
    },
  }
}

const header = `# Where things are, and how strict the gates are.
# Passwords do not belong here: PGPASSWORD, PGPASSFILE and ~/.pgpass are read, and \${env:NAME} or \${file:PATH} stand for values.
`

type InitServer = ServerSettings & { readonly declaredRole: NamedServer['role'] }

function readServer(text: string, name: string, role: NamedServer['role']): InitServer {
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

function describeServer(server: InitServer): NamedServer {
  const { name, declaredRole: role, host, port, user, maintenanceDatabase: database } = server
  return { name, role, host, port, user, database }
}
