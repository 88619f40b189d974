import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SandboxOptions } from '../../electron/adapters/embedded-postgres/sandbox-options.ts'
import { newRunId } from '../../electron/adapters/run-log/new-run-id.ts'
import type { AppPorts } from '../../electron/app/app-ports.ts'
import { parseConfig } from '../../electron/config/parse-config.ts'
import type { Interruption } from '../../electron/engine/context/interruption.ts'
import type { RunEnd } from '../../electron/engine/context/run-end.ts'
import type { ApprovalAnswer } from '../../electron/engine/ports/approvals.ts'
import type { EnginePorts } from '../../electron/engine/ports/engine-ports.ts'
import type { RunLogWriter } from '../../electron/engine/ports/run-log.ts'
import type { EventReader } from '../../electron/engine/recording/recorder.ts'
import { recoverRun } from '../../electron/engine/recovery/recover-run.ts'
import { runMigration } from '../../electron/engine/run/run-migration.ts'
import type { Project } from '../../electron/host/settings/load-project.ts'
import { withEngine } from '../../electron/host/wiring/with-engine.ts'
import type { GateName } from '../../shared/plan/verdict.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import type { Tenant } from '../../shared/topology/topology.ts'
import { openSandbox, type TestSandbox } from './with-sandbox.ts'

/** Revision 0001 is what every tenant starts with; the constraint of 0002 is broken by two equal addresses. */
export const defaultMigrations = {
  '0001_users.up.sql':
    "create table users (id int primary key, email text);\ninsert into users values (1, 'ada@example.org'), (2, 'bob@example.org');",
  '0002_email.up.sql': 'alter table users add constraint users_email_key unique (email);',
} as const

/** Two equal addresses: the next migration refuses them. */
export const duplicateEmail = "insert into users values (3, 'ada@example.org')"

export interface FixtureOptions {
  readonly sandbox?: SandboxOptions
  readonly tenants?: readonly string[]
}

export type Settings = Readonly<Record<string, unknown>>

export interface FixtureRunOptions {
  /** Top-level keys of `lockstep.yml` that differ from the fixture's. */
  readonly settings?: Settings
  /** Puts a fault into any port. */
  readonly change?: (ports: EnginePorts) => EnginePorts
  readonly changeLog?: (log: RunLogWriter) => RunLogWriter
  readonly readers?: readonly EventReader[]
  readonly interruption?: Interruption
  readonly target?: readonly string[]
  readonly tenants?: readonly string[]
  /** Default: only the revision graph, which is quick. */
  readonly gates?: readonly GateName[] | null
  readonly approval?: ApprovalAnswer
}

/** How a run ended, and its log. */
export interface FixtureRun extends RunEnd {
  readonly events: readonly RunEvent[]
}

/** Where a tenant stands, read without the engine. */
export interface TenantReading {
  readonly heads: readonly string[]
  readonly fingerprint: string
}

/** A signal that never comes. */
export const never = new AbortController().signal

const byFlag: ApprovalAnswer = { answer: 'approved', how: 'flag', by: 'test', confirmation: null }
const nobody: Interruption = { signal: never, name: () => null }
const template = 'base'

/** Starts a sandbox for a whole file of tests. The caller must close it. */
export async function openEngineFixture(options: FixtureOptions = {}): Promise<EngineFixture> {
  const { sandbox, close } = await openSandbox({ standbys: 0, ...options.sandbox })
  const fixture = new EngineFixture(sandbox, options.tenants ?? ['acorn', 'birch', 'cedar'], close)
  try {
    await fixture.prepare()
    return fixture
  } catch (error) {
    await fixture.close()
    throw error
  }
}

/** The engine with its real adapters on a real cluster, for a few tiny tenants. */
export class EngineFixture {
  readonly sandbox: TestSandbox
  readonly tenants: readonly string[]
  readonly folder: string
  readonly #close: () => Promise<void>
  #state = 0

  constructor(sandbox: TestSandbox, tenants: readonly string[], close: () => Promise<void>) {
    this.sandbox = sandbox
    this.tenants = tenants
    this.#close = close
    this.folder = mkdtempSync(join(tmpdir(), 'lockstep-engine-'))
  }

  /** Where `lockstep.yml` is, for the command line. */
  get file(): string {
    return join(this.folder, 'lockstep.yml')
  }

  get stateFolder(): string {
    return join(this.folder, `state-${this.#state}`)
  }

  async prepare(): Promise<void> {
    this.writeMigrations(defaultMigrations)
    await this.sandbox.query(`create database ${template}`)
    await this.migrateAlone(template, ['0001'])
    await this.reset()
  }

  /** Makes every tenant again at revision 0001, with the default migrations and an empty folder of runs. */
  async reset(): Promise<void> {
    this.#state += 1
    this.writeMigrations(defaultMigrations)
    this.writeProject({})
    for (const tenant of this.tenants) await this.resetTenant(tenant)
    await this.sandbox.waitForStandbys()
  }

  async resetTenant(tenant: string): Promise<void> {
    await this.sandbox.query(`drop database if exists ${tenant} with (force)`)
    await this.sandbox.query(`create database ${tenant} template ${template}`)
  }

  /** Puts exactly these files into the project's folder of migrations. */
  writeMigrations(files: Readonly<Record<string, string>>): void {
    const folder = join(this.folder, 'migrations')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  }

  /** Puts these files into the project's folder of migrations, beside or over the others. */
  addMigrations(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(this.folder, 'migrations', name), text)
  }

  /** Writes `lockstep.yml` (JSON is YAML), and gives it as the host would. */
  writeProject(settings: Settings): Project {
    const servers = [this.sandbox.primary, ...this.sandbox.standbys].map(server => ({
      name: server.name,
      role: server === this.sandbox.primary ? 'primary' : 'standby',
      host: server.host,
      port: server.port,
      user: 'postgres',
    }))
    const text = JSON.stringify({
      version: 1,
      project: 'fixture',
      servers,
      tenants: { databases: this.tenants },
      groups: [{ name: 'canary', tenants: this.tenants[0] }],
      migrations: { sql: {} },
      smokeTests: { isolation: false },
      ...settings,
      execution: { lockTimeoutSeconds: 1, settleSeconds: 10, ...asRecord(settings.execution) },
    })
    writeFileSync(this.file, text)
    const config = parseConfig(text, 'lockstep.yml', { env: () => undefined, file: () => undefined })
    return {
      file: this.file,
      folder: this.folder,
      config,
      runsFolder: join(this.stateFolder, 'runs'),
      plansFolder: join(this.stateFolder, 'plans'),
    }
  }

  /** Runs the engine to its end. */
  run(options: FixtureRunOptions = {}): Promise<FixtureRun> {
    const project = this.writeProject(options.settings ?? {})
    const { target = [], tenants = [], gates = ['revision_graph'], readers = [] } = options
    return withEngine(project, { ask: async () => options.approval ?? byFlag }, async real => {
      const ports = options.change?.(real) ?? real
      const log = await real.store.create(newRunId())
      const request = { config: project.config, toolVersion: '0.0.0', target, tenants, gates }
      const end = await runMigration(
        request,
        ports,
        options.changeLog?.(log) ?? log,
        readers,
        options.interruption ?? nobody,
      )
      await log.close()
      return { ...end, events: await real.store.read(end.runId) }
    })
  }

  /** Settles a run that was cut off. */
  recover(runId: string, options: Pick<FixtureRunOptions, 'settings' | 'change'> = {}): Promise<FixtureRun> {
    return this.withPorts(async (real, project) => {
      const ports = options.change?.(real) ?? real
      const end = await recoverRun({ config: project.config, runId }, ports, [], never)
      return { ...end, events: await real.store.read(runId) }
    }, options.settings)
  }

  /** Lends the real ports to whatever a test does with them. */
  withPorts<T>(use: (ports: AppPorts, project: Project) => Promise<T>, settings: Settings = {}): Promise<T> {
    const project = this.writeProject(settings)
    return withEngine(project, { ask: async () => byFlag }, ports => use(ports, project))
  }

  /** Brings one database to a revision without the engine's story. */
  migrateAlone(database: string, target: readonly string[]): Promise<void> {
    return this.withPorts(async ({ source }) => {
      const tenant = describeTenant(database)
      const from = await source.readHeads(tenant, never)
      const steps = await source.planSteps(from, target, never)
      const result = await source.migrate(
        {
          tenant,
          from,
          steps,
          transactional: true,
          lockTimeoutMs: 5_000,
          statementTimeoutMs: 60_000,
          gid: null,
        },
        {
          started: async () => undefined,
          statement: async () => undefined,
          revisionApplied: async () => undefined,
          readyToVote: async () => 'finish',
        },
        never,
      )
      if (result.status !== 'finished') throw new Error(JSON.stringify(result))
    })
  }

  /** Where each tenant stands. */
  read(): Promise<Readonly<Record<string, TenantReading>>> {
    return this.withPorts(async ({ source, servers }) => {
      const readings = await Promise.all(
        this.tenants.map(async name => {
          const tenant = describeTenant(name)
          const [heads, { hash }] = await Promise.all([
            source.readHeads(tenant, never),
            servers.fingerprint(this.sandbox.primary.name, tenant, never),
          ])
          return [name, { heads, fingerprint: hash }] as const
        }),
      )
      return Object.fromEntries(readings)
    })
  }

  /** Identifiers of every prepared transaction of the cluster. */
  async prepared(): Promise<readonly unknown[]> {
    return (await this.sandbox.query('select gid from pg_prepared_xacts order by 1')).map(row => row.gid)
  }

  async close(): Promise<void> {
    await this.#close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A tenant that is called like its database. */
export function describeTenant(database: string): Tenant {
  return { name: database, cluster: 'main', database, appRole: null }
}

/** Events of one type. */
export function eventsOf<T extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: T,
): readonly Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
}

function asRecord(value: unknown): Settings {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
