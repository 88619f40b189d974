import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePythonEnvironment } from '../../adapters/alembic/make-demo-environment.ts'
import { pauseReplay } from '../../adapters/embedded-postgres/sandbox-faults.ts'
import type { SandboxTenant } from '../../adapters/embedded-postgres/sandbox-tenants.ts'
import { seedSandbox } from '../../adapters/embedded-postgres/seed-sandbox.ts'
import type { SqlRevision } from '../../adapters/embedded-postgres/sql-revisions.ts'
import {
  type SandboxCluster,
  type SandboxServer,
  startCluster,
} from '../../adapters/embedded-postgres/start-cluster.ts'
import { writeDemoProject } from '../../adapters/embedded-postgres/write-demo-project.ts'
import { createPostgres } from '../../adapters/postgres/create-postgres.ts'
import { openClient } from '../../adapters/postgres/session/open-client.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { withClient } from '../../adapters/postgres/session/with-client.ts'
import { checksumOf } from '../../adapters/sql-files/file-text.ts'
import { renderApplied } from '../../adapters/sql-files/version-table.ts'
import { demoConfigText } from './demo-config.ts'
import type { DemoFaultName } from './demo-faults.ts'

/** A sandbox cluster with a project that is pointed at it. */
export interface Demo {
  readonly cluster: SandboxCluster
  readonly tenants: readonly SandboxTenant[]
  /** The folder with `lockstep.yml`. */
  readonly folder: string
  readonly source: 'alembic' | 'sql'
  /** Runs SQL as the superuser, on the primary unless another server is named. */
  runSql(database: string, sql: string, server?: SandboxServer): Promise<void>
  /** Opens a session that stays until it is closed. */
  hold(database: string, statements: readonly string[]): Promise<() => Promise<void>>
  /** Puts another server in a standby's place, in the project file. */
  replaceStandby(name: string, server: SandboxServer): void
}

export interface DemoOptions {
  readonly fault: DemoFaultName
  /** Null: Alembic where Python allows it, SQL files otherwise. */
  readonly source: 'alembic' | 'sql' | null
  readonly keep: boolean
  /** Told what is being done; one line each. */
  readonly say: (line: string) => void
  /** Stops the setting up; a run that is under way is told by itself. */
  readonly signal: AbortSignal
}

const applicationName = 'demo'

/** Starts the sandbox, fills it and writes the project; ends it whatever happened. */
export async function withDemo<T>(options: DemoOptions, use: (demo: Demo) => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const [cluster, python] = await Promise.all([
    startCluster({
      fsync: true,
      ...(options.fault === 'no-prepared-slots' ? { maxPreparedTransactions: 0 } : {}),
    }),
    chooseSource(options),
  ])
  try {
    const source = python === null ? 'sql' : 'alembic'
    const demo = await prepareDemo(cluster, source, python, options.fault)
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    options.say(
      `sandbox: PostgreSQL 18, a primary and ${cluster.standbys.length} standbys, ${demo.tenants.length} tenants, ready in ${seconds} s`,
    )
    return await use(demo)
  } finally {
    await cluster.stop()
  }
}

/** The interpreter for Alembic, or null when the story is told from SQL files. */
async function chooseSource({ source, fault, say, signal }: DemoOptions): Promise<string | null> {
  // Alembic keeps no checksums, SQL files do: an edited file can only be known there.
  if (source === 'sql' || (source === null && fault === 'edited-migration')) return null
  const made = await makePythonEnvironment(null, signal)
  if (made.interpreter !== null) return made.interpreter
  say(`${made.reason}: the same story runs from SQL files`)
  return null
}

function recordAppliedFile({ revision, name, up }: SqlRevision): string {
  return renderApplied(
    { schema: 'public', name: 'lockstep_version' },
    { revision, name, checksum: checksumOf(up) },
  )
}

async function prepareDemo(
  cluster: SandboxCluster,
  source: 'alembic' | 'sql',
  python: string | null,
  fault: DemoFaultName,
): Promise<Demo> {
  const folder = join(cluster.folder, 'project')
  mkdirSync(folder, { recursive: true })
  const settingsOf = (server: SandboxServer): ServerSettings => ({
    name: server.name,
    cluster: 'main',
    declaredRole: server === cluster.primary ? 'primary' : 'standby',
    host: server.host,
    port: server.port,
    user: cluster.superuser.user,
    password: cluster.superuser.password,
    maintenanceDatabase: 'postgres',
    tls: 'disable',
  })
  const signal = new AbortController().signal
  const runSql: Demo['runSql'] = (database, sql, server = cluster.primary) =>
    withClient(
      settingsOf(server),
      database,
      { applicationName },
      async client => void (await client.query(sql)),
      signal,
    )
  const tenants = await seedSandbox({
    runSql,
    ...(source === 'sql' ? { recordRevision: recordAppliedFile } : {}),
  })
  await writeDemoProject({
    folder,
    kind: source,
    ...(fault === 'two-heads' || fault === 'edited-migration' ? { fault } : {}),
  })
  const servers = new Map([cluster.primary, ...cluster.standbys].map(server => [server.name, server]))
  const writeConfig = (): void => {
    const declared = [...servers].map(([name, server]) => ({
      name,
      role: server === cluster.primary ? ('primary' as const) : ('standby' as const),
      port: server.port,
    }))
    const from = python === null ? ({ kind: 'sql' } as const) : ({ kind: 'alembic', python } as const)
    writeFileSync(join(folder, 'lockstep.yml'), demoConfigText({ servers: declared, source: from }))
  }
  writeConfig()
  writeFileSync(join(folder, 'pgpass'), passFileText(cluster, tenants), { mode: 0o600 })
  await waitForStandbys([...servers.values()].map(settingsOf), signal)
  return {
    cluster,
    tenants,
    folder,
    source,
    runSql,
    async hold(database, statements) {
      const client = await openClient(settingsOf(cluster.primary), database, { applicationName }, signal)
      for (const statement of statements) await client.query(statement)
      return () => client.close()
    },
    replaceStandby(name, server) {
      servers.set(name, server)
      writeConfig()
    },
  }
}

function passFileText(cluster: SandboxCluster, tenants: readonly SandboxTenant[]): string {
  const lines = tenants.map(tenant => `127.0.0.1:*:*:${tenant.appRole}:${tenant.appPassword}`)
  return [`127.0.0.1:*:*:${cluster.superuser.user}:${cluster.superuser.password ?? ''}`, ...lines, ''].join(
    '\n',
  )
}

async function waitForStandbys(settings: readonly ServerSettings[], signal: AbortSignal): Promise<void> {
  const { servers, replicas } = createPostgres(settings)
  const [primary, ...standbys] = settings
  if (!primary) return
  const { systemIdentifier, timeline } = await servers.observe(primary.name, signal)
  const lsn = await replicas.currentLsn(primary.name, signal)
  const target = { lsn, systemIdentifier: systemIdentifier ?? '', timeline: timeline ?? 0 }
  await Promise.all(standbys.map(standby => replicas.waitForReplay(standby.name, target, 30_000, signal)))
}

/** Pauses replay on a standby. */
export function pauseStandby(demo: Demo, standby: SandboxServer): Promise<void> {
  return demo.runSql('postgres', pauseReplay, standby)
}
