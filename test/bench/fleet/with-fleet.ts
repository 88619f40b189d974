import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { stringify } from 'yaml'
import { mapConcurrently } from '../../../electron/lib/map-concurrently.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { runCommand } from '../../support/run-command.ts'
import { type LockstepHome, openLockstepHome } from '../../support/run-lockstep.ts'
import { type TestSandbox, withSandbox } from '../../support/with-sandbox.ts'
import { baselineSql, firstRevision, lastRevision, revisionFiles } from './fleet-migrations.ts'

/** A fleet of equal tenants on a primary with one standby, whose owner is an ordinary role, and its Alembic project. */
export interface Fleet {
  readonly sandbox: TestSandbox
  readonly home: LockstepHome
  readonly folder: string
  readonly python: string
  readonly tenants: readonly string[]
  readonly owner: { readonly user: string; readonly password: string }
  /** What Alembic itself would send, as it prints it. */
  readonly upgradeSql: string
  readonly downgradeSql: string
  /** An ini file that leads to one tenant, for `alembic -c`. */
  writeIni(tenant: string): string
  /** Lends a session of the owner. */
  withSession<T>(tenant: string, use: (client: pg.Client) => Promise<T>): Promise<T>
  /** Writes the project's settings anew, with these changed. */
  configure(config: Readonly<Record<string, unknown>>): void
  /** Brings every tenant back to the first revision. */
  reset(): Promise<void>
  /** How many tenants hold each revision. */
  readRevisions(): Promise<Readonly<Record<string, number>>>
}

export interface FleetOptions {
  readonly tenants: number
  readonly maxConnections?: number
  readonly maxPreparedTransactions?: number
  readonly config?: Readonly<Record<string, unknown>>
}

const owner = { user: 'fleet_owner', password: 'fleet' }
const template = 'fleet_template'
const tables = 12
const rowsPerTable = 100

/** Lends a fleet; its servers have default settings but for the room that is asked for. */
export async function withFleet<T>(options: FleetOptions, use: (fleet: Fleet) => Promise<T>): Promise<T> {
  const python = await pythonEnvironment()
  const home = openLockstepHome()
  const room = {
    ...(options.maxConnections === undefined ? {} : { maxConnections: options.maxConnections }),
    // The lock table grows with the slots: a tenant's locks fill about two of them, and half of the table has to stay free.
    maxPreparedTransactions: options.maxPreparedTransactions ?? options.tenants * 4 + 10,
  }
  try {
    return await withSandbox({ auth: 'scram', standbys: 1, fsync: true, ...room }, async sandbox => {
      const tenants = await makeTenants(sandbox, options.tenants)
      const folder = writeProject({ home, sandbox, python, config: options.config ?? {} })
      const render = (...args: string[]) =>
        runCommand(python, ['-m', 'alembic', ...args, '--sql'], { folder })
      const fleet = {
        ...{ sandbox, home, folder, python, tenants, owner },
        upgradeSql: await render('upgrade', `${firstRevision}:${lastRevision}`),
        downgradeSql: await render('downgrade', `${lastRevision}:${firstRevision}`),
        writeIni: (tenant: string) => writeIni(folder, urlOf(sandbox, tenant), `alembic-${tenant}.ini`),
        withSession: <R>(tenant: string, work: (client: pg.Client) => Promise<R>) =>
          withSession(sandbox, tenant, work),
      }
      return await use({
        ...fleet,
        configure: config => writeSettings(folder, { home, sandbox, python, config }),
        reset: async () => {
          const behind = await listAt(fleet, lastRevision)
          await mapConcurrently(behind, 4, tenant =>
            fleet.withSession(tenant, client => client.query(fleet.downgradeSql)),
          )
          await sandbox.query('checkpoint')
          await sandbox.waitForStandbys()
        },
        readRevisions: () => countRevisions(fleet),
      })
    })
  } finally {
    await home.close()
  }
}

async function makeTenants(sandbox: TestSandbox, count: number): Promise<readonly string[]> {
  await sandbox.query(
    `create role ${owner.user} login createdb password '${owner.password}' in role pg_monitor, pg_signal_backend`,
  )
  await sandbox.query(`create database ${template} owner ${owner.user} template template0`)
  await withSession(sandbox, template, client => client.query(baselineSql(tables, rowsPerTable)))
  await sandbox.query('vacuum analyze', template)
  const tenants = Array.from({ length: count }, (_, index) => `tenant_${String(index + 1).padStart(4, '0')}`)
  for (const tenant of tenants) {
    await sandbox.query(
      `create database ${tenant} owner ${owner.user} template ${template} strategy file_copy`,
    )
    await sandbox.query(`revoke connect, temporary on database ${tenant} from public`)
  }
  await sandbox.query(`revoke connect on database ${template} from public`)
  await sandbox.query('checkpoint')
  await sandbox.waitForStandbys()
  return tenants
}

interface ProjectPlace {
  readonly home: LockstepHome
  readonly sandbox: TestSandbox
  readonly python: string
  readonly config: Readonly<Record<string, unknown>>
}

function writeProject({ home, sandbox, python, config }: ProjectPlace): string {
  const folder = join(home.folder, 'fleet')
  const versions = join(folder, 'migrations', 'versions')
  mkdirSync(versions, { recursive: true })
  cpSync(join('examples', 'shop-alembic', 'migrations', 'env.py'), join(folder, 'migrations', 'env.py'))
  cpSync(join('examples', 'shop-alembic', 'alembic.ini'), join(folder, 'alembic.ini'))
  for (const [name, text] of Object.entries(revisionFiles)) writeFileSync(join(versions, name), text)
  writeIni(folder, urlOf(sandbox, 'postgres'), 'alembic.ini')
  writeSettings(folder, { home, sandbox, python, config })
  return folder
}

function writeSettings(folder: string, { sandbox, python, config }: ProjectPlace): void {
  const [standby] = sandbox.standbys
  const login = { user: owner.user, password: '$' + '{env:FLEET_PASSWORD}' }
  const settings = {
    version: 1,
    project: 'fleet',
    servers: [
      { name: 'primary', role: 'primary', port: sandbox.primary.port, ...login },
      { name: 'standby-1', role: 'standby', port: standby?.port, ...login },
    ],
    tenants: { databases: 'tenant_*' },
    migrations: { alembic: { config: 'alembic.ini', python } },
    ...config,
  }
  writeFileSync(join(folder, 'lockstep.yml'), stringify(settings))
}

function urlOf(sandbox: TestSandbox, database: string): string {
  return `postgresql+psycopg://${owner.user}:${owner.password}@127.0.0.1:${sandbox.primary.port}/${database}`
}

function writeIni(folder: string, url: string, name: string): string {
  const text = readFileSync(join(folder, 'alembic.ini'), 'utf8')
  writeFileSync(join(folder, name), text.replace(/^sqlalchemy\.url.*$/m, `sqlalchemy.url = ${url}`))
  return name
}

async function withSession<T>(
  sandbox: TestSandbox,
  database: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { host, port } = sandbox.primary
  const client = new pg.Client({ host, port, database, ...owner })
  // One that is ended with its server says so here; without a listener the process would end.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

type Readable = Pick<Fleet, 'tenants' | 'withSession'>

async function readRevision(fleet: Readable, tenant: string): Promise<string> {
  return await fleet.withSession(tenant, async client => {
    const { rows } = await client.query<{ version_num: string }>('select version_num from alembic_version')
    return rows.map(row => row.version_num).join('+')
  })
}

async function listAt(fleet: Readable, revision: string): Promise<readonly string[]> {
  const found = await mapConcurrently(fleet.tenants, 8, async tenant => ({
    tenant,
    revision: await readRevision(fleet, tenant),
  }))
  return found.filter(one => one.revision === revision).map(one => one.tenant)
}

async function countRevisions(fleet: Readable): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  for (const revision of await mapConcurrently(fleet.tenants, 8, tenant => readRevision(fleet, tenant)))
    counts[revision] = (counts[revision] ?? 0) + 1
  return counts
}
