import { resolve } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { TenantServer, UrlDelivery } from '../../adapters/alembic/alembic-options.ts'
import { createAlembicSource } from '../../adapters/alembic/alembic-source.ts'
import type { ExecutionHost } from '../../adapters/alembic/execution-host.ts'
import type { FingerprintMemory } from '../../adapters/postgres/catalog/fingerprint-memory.ts'
import { createInspection } from '../../adapters/postgres/catalog/inspection.ts'
import { readVersionTable } from '../../adapters/postgres/catalog/read-version-table.ts'
import { searchPathOf } from '../../adapters/postgres/isolation/search-path-of.ts'
import { createServerIdentifier } from '../../adapters/postgres/replicas/identify-servers.ts'
import { openClient } from '../../adapters/postgres/session/open-client.ts'
import { enterRoom, makeRoom } from '../../adapters/postgres/session/open-session.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { createSqlFilesSource } from '../../adapters/sql-files/create-sql-files-source.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { mostAtOnce } from '../../engine/context/most-at-once.ts'
import { acceptsRule, hiddenRowsRule } from '../../engine/lint/rule/accepts-rule.ts'
import type { MigrationSource } from '../../engine/ports/migration-source.ts'
import type { SqlParser } from '../../engine/ports/sql-parser.ts'
import type { OpenPipelinedSession } from '../../transactions/sql-session.ts'

/** What a migration source is made from. */
export interface SourceOptions {
  readonly config: ProjectConfig
  readonly folder: string
  readonly servers: readonly ServerSettings[]
  readonly parser: SqlParser
  /** Shared with those who read the catalogs before and after. */
  readonly memory: FingerprintMemory
  readonly target: AlembicTarget
  /** Further variables for programs on this machine. */
  readonly environment: Readonly<Record<string, string>>
}

/** Where Alembic runs, and under which address it finds a server from there. */
export interface AlembicTarget {
  /** Null: this machine. */
  readonly host: ExecutionHost | null
  addressOf(server: ServerSettings): { readonly host: string; readonly port: number }
}

/** The project's migration source: its Alembic project, or its folder of SQL files. */
export function createSource(options: SourceOptions): MigrationSource {
  const { config, folder, parser, target } = options
  const inspection = createInspection(options.memory)
  const { alembic, sql } = config.migrations
  const acceptsHiddenRows = (step: PlannedStep): boolean => acceptsRule(hiddenRowsRule, step, config.lint)
  const primaryFor = (tenant: Tenant): ServerSettings => findPrimary(options.servers, tenant)
  const openSession: OpenPipelinedSession = async (tenant, signal) => {
    const client = await openClient(
      primaryFor(tenant),
      tenant.database,
      { applicationName: 'lockstep migration', ...searchPathOf(tenant) },
      signal,
    )
    return {
      backendPid: client.backendPid,
      query: (text, values) => client.query(text, values),
      send: (statements, onDone) => client.send(statements, onDone),
      end: () => client.close(),
    }
  }
  if (alembic) {
    const { host } = target
    const identifyServer = createServerIdentifier()
    return createAlembicSource({
      iniFile: host ? alembic.config : resolve(folder, alembic.config),
      // A container knows nothing of this machine's files.
      ...(host ? { host } : { environment: options.environment }),
      ...(alembic.section ? { section: alembic.section } : {}),
      ...(alembic.python
        ? { interpreter: host ? alembic.python : resolveProgram(folder, alembic.python) }
        : {}),
      urlDelivery: deliveryOf(alembic.url),
      workers: Math.max(
        1,
        ...config.groups.map(group => Math.min(group.parallel, mostAtOnce(config.execution))),
      ),
      serverFor: tenant => seenFromSite(primaryFor(tenant), target),
      makeRoom: tenant => makeRoom(primaryFor(tenant)),
      enterRoom: (tenant, signal) => enterRoom(primaryFor(tenant), { isHeld: true, isOutside: true }, signal),
      identifyServer: (tenant, signal) => identifyServer(primaryFor(tenant), signal),
      inspection,
      readVersionTable: (tenant, signal) => readVersionTable(primaryFor(tenant), tenant, signal),
      parser,
      acceptsHiddenRows,
      ...(config.execution.replay === 'auto' ? { openSession } : {}),
      ...(alembic.x ? { xArguments: alembic.x } : {}),
      ...(alembic.schema ? { schemaArgument: alembic.schema.x } : {}),
    })
  }
  return createSqlFilesSource({
    projectFolder: folder,
    folder: sql?.folder ?? 'migrations',
    ...(sql ? { versionTable: { name: sql.versionTable } } : {}),
    parser,
    openSession,
    acceptsHiddenRows,
    inspection,
  })
}

function seenFromSite(server: ServerSettings, target: AlembicTarget): TenantServer {
  const { name, user, password, tls } = server
  return { name, user, password, tls, ...target.addressOf(server) }
}

/** A path is relative to the project; a bare name is looked up in PATH. */
function resolveProgram(folder: string, program: string): string {
  return /[\\/]/.test(program) || program.startsWith('.') ? resolve(folder, program) : program
}

function findPrimary(servers: readonly ServerSettings[], tenant: Tenant): ServerSettings {
  const primary = servers.find(
    server => server.cluster === tenant.cluster && server.declaredRole === 'primary',
  )
  if (!primary) throw new LockstepError({ kind: 'primary_missing', cluster: tenant.cluster })
  return primary
}

function deliveryOf(url: NonNullable<ProjectConfig['migrations']['alembic']>['url']): UrlDelivery {
  if (url?.env) return { kind: 'env', variable: url.env }
  if (url?.x) return { kind: 'x', name: url.x }
  if (url?.section) return { kind: 'section', name: url.section }
  return url?.ini ? { kind: 'ini', option: url.ini } : { kind: 'ini' }
}
