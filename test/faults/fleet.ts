import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SandboxServer } from '../../electron/adapters/embedded-postgres/start-cluster.ts'
import { createRunStore } from '../../electron/adapters/run-log/run-store.ts'
import { verifyRunLog } from '../../electron/adapters/run-log/verify-run-log.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { optionsFor } from '../support/postgres-versions.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import type { SmallDisk } from '../support/small-disk.ts'
import { waitUntil } from '../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'
import type { FleetKind, Scenario } from './fault-scenarios.ts'
import { moveWal, smallWal } from './move-wal.ts'
import { readTenant, type TenantReading } from './read-tenant.ts'
import { type FleetPorts, type FleetProject, migrator, writeFleetProject } from './write-fleet-project.ts'

export const fleetTenants = ['fleet_a', 'fleet_b', 'fleet_c', 'fleet_d'] as const

/** Who uses them. */
export const shop = 'shop'

const kinds: Readonly<Record<FleetKind, { readonly version: '15' | '18'; readonly standbys: 0 | 1 }>> = {
  plain: { version: '18', standbys: 0 },
  'with a standby': { version: '18', standbys: 1 },
  // Its dumps need the pg_dump of the machine, which may be older than the newest server.
  'with dumps': { version: '15', standbys: 0 },
  'with a small disk for its WAL': { version: '18', standbys: 0 },
}

/** A few small tenants on a real cluster, with an application and a project, made again for every case. */
export class Fleet {
  /** The server whose word counts: another one once a standby has taken over. */
  truth: SandboxServer
  readonly sandbox: TestSandbox
  readonly home: LockstepHome
  /** Where the primary's WAL lies, when it is a disk of its own. */
  readonly walDisk: SmallDisk | null
  readonly #close: () => Promise<void>
  readonly #templates = new Set<string>()
  #foreign: Promise<SandboxServer> | null = null
  #count = 0

  private constructor(
    sandbox: TestSandbox,
    home: LockstepHome,
    close: () => Promise<void>,
    walDisk: SmallDisk | null,
  ) {
    this.walDisk = walDisk
    this.sandbox = sandbox
    this.truth = sandbox.primary
    this.home = home
    this.#close = close
  }

  /** The caller must close it. */
  static async open(kind: FleetKind): Promise<Fleet> {
    const { version, standbys } = kinds[kind]
    const { sandbox, close } = await openSandbox({
      ...(await optionsFor(version)),
      standbys,
      maxPreparedTransactions: 12,
      settings: {
        deadlock_timeout: '100ms',
        ...(kind === 'with a small disk for its WAL' ? smallWal : {}),
      },
    })
    const home = openLockstepHome()
    try {
      const walDisk = kind === 'with a small disk for its WAL' ? await moveWal(sandbox.primary) : null
      const closeAll = async () => {
        await close()
        walDisk?.close()
      }
      await sandbox.query(`create role ${migrator} login createdb; grant pg_monitor to ${migrator};
        create role ${shop} login; grant pg_signal_backend to ${migrator}`)
      return new Fleet(sandbox, home, closeAll, walDisk?.disk ?? null)
    } catch (error) {
      await close()
      await home.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.home.close()
    await this.#close()
  }

  /** Makes every tenant again, and an empty project folder. */
  async prepare(scenario: Scenario, ports: FleetPorts = {}): Promise<FleetProject> {
    const template = await this.#templateOf(scenario)
    await this.#dropAllBut(template)
    for (const tenant of fleetTenants) await this.#copyTemplate(template, tenant)
    if (this.sandbox.standbys.length > 0) await this.sandbox.waitForStandbys()
    return this.#write(scenario, { tenants: fleetTenants, ports })
  }

  /** What every tenant looks like before and after the way of a scenario. */
  async read(tenant: string, scenario: Pick<Scenario, 'source'>): Promise<TenantReading> {
    return readTenant(this.sandbox, this.truth, tenant, scenario.source)
  }

  /** Databases that are neither tenants nor the server's own. */
  async listCopies(): Promise<readonly string[]> {
    const rows = await this.sandbox.query(
      String.raw`select datname from pg_database where datname like 'lockstep\_%' order by 1`,
      'postgres',
      this.truth,
    )
    return rows.map(row => String(row.datname))
  }

  async listPrepared(): Promise<readonly string[]> {
    const rows = await this.sandbox.query(
      "select gid from pg_prepared_xacts where gid like 'lockstep%' order by 1",
      'postgres',
      this.truth,
    )
    return rows.map(row => String(row.gid))
  }

  /** A server in recovery that belongs to another cluster; the same one each time. */
  foreignStandby(): Promise<SandboxServer> {
    this.#foreign ??= this.sandbox.startForeignStandby()
    return this.#foreign
  }

  /** Waits until the server whose word counts takes sessions. */
  waitUntilUp(): Promise<void> {
    const ask = () => this.sandbox.query('select 1', 'postgres', this.truth)
    return waitUntil(
      () =>
        ask().then(
          () => true,
          () => false,
        ),
      'the server to take sessions',
      60,
    )
  }

  /** What every command needs of the environment. */
  environmentOf(project: FleetProject): Readonly<Record<string, string>> {
    return { LOCKSTEP_STATE_DIR: project.stateFolder }
  }

  /** The events of the runs of a project, newest run first. */
  async readRuns(project: FleetProject): Promise<readonly RecordedRun[]> {
    const folder = join(project.stateFolder, 'runs')
    const store = createRunStore(folder)
    const runs = await store.list()
    return Promise.all(
      runs.map(async ({ runId, outcome, undoes }) => ({
        runId,
        outcome,
        undoes: undoes ?? null,
        events: await store.read(runId).catch((): readonly RunEvent[] => []),
        problem: (await verifyRunLog(folder, runId)).problem,
      })),
    )
  }

  async #templateOf(scenario: Scenario): Promise<string> {
    const name = `base_${scenario.source}`
    if (this.#templates.has(name)) return name
    await this.sandbox.query(`create database ${name} owner ${migrator}`)
    await this.sandbox.query(
      `grant all on schema public to ${migrator}; grant usage on schema public to ${shop}`,
      name,
    )
    const project = await this.#write(scenario, { tenants: [name], ports: {} })
    const made = await this.home.run(['run', '--yes', '--target', '0001', '--gates', 'revision_graph'], {
      folder: project.folder,
      environment: this.environmentOf(project),
    })
    if (made.exitCode !== 0) throw new Error(`the first revision: ${made.stderr}`)
    this.#templates.add(name)
    return name
  }

  async #copyTemplate(template: string, tenant: string): Promise<void> {
    await this.sandbox.query(
      `create database ${tenant} template ${template} strategy file_copy owner ${migrator}`,
    )
    await this.sandbox.query(
      `revoke connect on database ${tenant} from public; grant connect on database ${tenant} to ${shop}`,
    )
  }

  /** Also what a case has left: votes lock the tables of a database that is to be dropped. */
  async #dropAllBut(template: string): Promise<void> {
    for (const { gid, database } of await this.sandbox.query('select gid, database from pg_prepared_xacts'))
      await this.sandbox.query(`rollback prepared '${String(gid)}'`, String(database))
    const rows = await this.sandbox.query(
      `select datname from pg_database where not datistemplate and datname <> 'postgres' and datname not like 'base\\_%'`,
    )
    for (const { datname } of rows)
      await this.sandbox.query(`drop database "${String(datname)}" with (force)`)
    await this.sandbox.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${template}'`,
    )
  }

  #write(
    scenario: Scenario,
    { tenants, ports }: { readonly tenants: readonly string[]; readonly ports: FleetPorts },
  ): Promise<FleetProject> {
    rmSync(join(this.home.folder, `case-${this.#count}`), { recursive: true, force: true })
    this.#count += 1
    const folder = join(this.home.folder, `case-${this.#count}`)
    return writeFleetProject(this.sandbox, { folder, scenario, tenants, ports })
  }
}

/** A run as its log tells it. */
export interface RecordedRun {
  readonly runId: string
  readonly outcome: string | null
  readonly undoes: string | null
  readonly events: readonly RunEvent[]
  /** What a check of the log's chain finds. */
  readonly problem: unknown
}
