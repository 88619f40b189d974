import { LockstepError } from '../../../shared/failure/failure.ts'
import type { DiscoveredProject, FoundMigrations } from '../../../shared/topology/discovered-project.ts'
import type { UndeclaredStandby } from '../../../shared/topology/topology.ts'
import { findUndeclared } from '../../discovery/find-undeclared.ts'
import { suggestReplay } from '../../discovery/suggest-replay.ts'
import type { Servers } from '../../engine/ports/servers.ts'
import { matchNames } from '../../engine/topology/match-names.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { ProjectFolder } from '../ports/project-folder.ts'
import { chooseMigrations } from './choose-migrations.ts'
import { describeMigrations, sayMigrations } from './describe-migrations.ts'
import { suggestGroups } from './suggest-groups.ts'

/** Which tenants are meant, and whether a project file that is there may be replaced. */
export interface InitRequest {
  /** Names or globs of tenant databases. */
  readonly tenants: readonly string[]
  readonly force: boolean
}

/** A server as a project file names it. */
export interface NamedServer {
  readonly name: string
  readonly role: 'primary' | 'standby'
  readonly host: string
  readonly port: number
  readonly user: string
  /** The database that sessions are opened in, and no tenant. */
  readonly database: string
}

export interface InitResult {
  readonly file: string
  readonly databases: readonly string[]
  readonly source: string
  /** Standbys that stream from the servers and were not named. */
  readonly undeclared?: readonly UndeclaredStandby[]
}

interface ServerPorts {
  readonly folder: ProjectFolder
  readonly servers: Pick<Servers, 'observe' | 'readLinks' | 'listDatabases'>
}

/** Looks at servers, the primary first, and at the folder, and writes a first project file. */
export async function initFromServers(
  {
    project,
    named,
    tenants,
    force,
  }: InitRequest & {
    readonly project: string
    readonly named: readonly [NamedServer, ...NamedServer[]]
  },
  { folder, servers }: ServerPorts,
  signal: AbortSignal,
): Promise<InitResult> {
  refuseExisting(folder, force)
  const migrations = chooseMigrations(folder.findMigrations())
  await folder.refuseForeignMigrations(migrations, signal)
  const seen = await mapConcurrently(named, 4, ({ name }) => servers.observe(name, signal))
  for (const { failure } of seen) if (failure) throw new LockstepError(failure)
  const links = await mapConcurrently(named, 4, ({ name }) => servers.readLinks(name, signal))
  const [primary] = named
  const all = (await servers.listDatabases(primary.name, signal)).filter(name => name !== primary.database)
  const databases = chooseTenants(all, tenants, 'databases')
  folder.writeFile({
    version: 1,
    project: project.replace(/[^A-Za-z0-9_.-]/g, '-') || 'project',
    servers: named.map((server, index) => ({ ...server, ...suggestReplay(seen[index]) })),
    tenants: { databases: tenants.length === 1 ? tenants[0] : tenants },
    groups: suggestGroups(databases),
    migrations: describeMigrations(migrations),
  })
  const undeclared = findUndeclared(links, seen.slice(1))
  return { file: folder.file, databases, source: sayMigrations(migrations), undeclared }
}

/** A project that was found without a project file: what it would be configured with, and its tenants. */
export interface FoundProject {
  readonly found: DiscoveredProject
  readonly migrations: FoundMigrations | null
  /** The tenants among the databases; asked only where the choice is left to us. */
  readonly listTenants: () => readonly string[]
  /** Throws where a run would have nothing to work on. */
  readonly describeConfig: () => object
}

/** Writes what was found of a project as its first project file. */
export async function initFromFound(
  { tenants, force }: InitRequest,
  folder: ProjectFolder,
  survey: () => Promise<FoundProject>,
  signal: AbortSignal,
): Promise<InitResult & { readonly found: DiscoveredProject }> {
  refuseExisting(folder, force)
  const { found, migrations, listTenants, describeConfig } = await survey()
  await folder.refuseForeignMigrations(migrations, signal)
  const config = describeConfig()
  const isLeftToUs = tenants.every(pattern => pattern === '*')
  const names = isLeftToUs ? listTenants() : found.tenants.map(tenant => tenant.name)
  const databases = chooseTenants(names, tenants, 'tenants')
  const isChosen = databases.length < names.length
  folder.writeFile(isChosen ? { ...config, ...narrowTenants(found, tenants, databases) } : config)
  return { file: folder.file, databases, source: sayMigrations(migrations), found }
}

/** The patterns as they were given: shortened ones might match a tenant that was left out. */
function narrowTenants(
  found: DiscoveredProject,
  patterns: readonly string[],
  chosen: readonly string[],
): object {
  const holders = new Set(found.tenants.flatMap(tenant => (tenant.schema ? [tenant.database] : [])))
  const tenants = holders.size > 0 ? { databases: [...holders], schemas: patterns } : { databases: patterns }
  return { tenants, groups: suggestGroups(chosen) }
}

function chooseTenants(
  names: readonly string[],
  patterns: readonly string[],
  what: string,
): readonly string[] {
  const chosen = matchNames(names, patterns)
  if (chosen.length > 0) return chosen
  throw new LockstepError({ kind: 'tenants_empty', looked: `${what}: ${patterns.join(', ')}` })
}

function refuseExisting({ file, hasFile }: ProjectFolder, force: boolean): void {
  if (force || !hasFile()) return
  throw new LockstepError({ kind: 'usage', problem: `${file} exists already`, fix: 'lockstep init --force' })
}
