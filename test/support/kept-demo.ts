import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { parse } from 'yaml'
import { type LockstepHome, type LockstepResult, type RunningLockstep, waitForLine } from './run-lockstep.ts'

/** Where a tenant of the demo stands, read without Lockstep. */
export interface TenantReading {
  readonly tenant: string
  readonly revisions: readonly string[]
  /** Whether the table is there that the last revision brings. */
  readonly hasRefunds: boolean
}

/** What is found in the sandbox of a demo after its run, before the sandbox goes. */
export interface DemoReading {
  readonly tenants: readonly TenantReading[]
  readonly prepared: readonly string[]
  readonly ports: readonly number[]
  /** Passwords of the sandbox: nothing that is printed may hold one. */
  readonly secrets: readonly string[]
}

/** Runs a demo, looks into its sandbox with a connection of its own, and lets it end as Ctrl-C does. */
export async function runKeptDemo(
  home: LockstepHome,
  args: readonly string[],
): Promise<LockstepResult & DemoReading> {
  const running = home.start(['demo', '--keep', ...args])
  const folder = await findFolder(running)
  const reading = await readSandbox(folder).catch(error => {
    throw new Error(
      `the sandbox cannot be read, exit code ${running.process.exitCode}:\n${running.stderr()}`,
      {
        cause: error,
      },
    )
  })
  running.signal('SIGINT')
  return { ...(await running.ended), ...reading }
}

/** A demo that stays until its process is told to end; the process that started it tells it. */
export interface KeptDemo {
  readonly running: RunningLockstep
  readonly folder: string
}

/** Runs a demo and keeps its sandbox. */
export async function startKeptDemo(home: LockstepHome, args: readonly string[]): Promise<KeptDemo> {
  const running = home.start(['demo', '--keep', ...args])
  return { running, folder: await findFolder(running) }
}

/** Looks into the sandbox of a demo, without Lockstep. */
export function readDemo(folder: string): Promise<DemoReading> {
  return readSandbox(folder)
}

async function findFolder(running: RunningLockstep): Promise<string> {
  const line = await waitForLine(running, 'the sandbox stays until Ctrl-C')
  const folder = /cd (\S+) &&/.exec(line)?.[1]
  if (folder === undefined) throw new Error(`no folder in: ${line}`)
  return folder
}

async function readSandbox(folder: string): Promise<DemoReading> {
  const config: unknown = parse(readFileSync(join(folder, 'lockstep.yml'), 'utf8'))
  const ports = readPorts(config)
  const passwords = readFileSync(join(folder, 'pgpass'), 'utf8').trim().split('\n').map(parsePassLine)
  const [superuser] = passwords
  const [port] = ports
  if (!superuser || port === undefined) throw new Error(`not a project of the demo: ${folder}`)
  const query = (database: string, sql: string) =>
    queryOnce({ host: '127.0.0.1', port, database, ...superuser }, sql)
  const databases = await query(
    'postgres',
    "select datname from pg_database where not datistemplate and datname <> 'postgres' order by datname",
  )
  const tenants: TenantReading[] = []
  for (const { datname } of databases) tenants.push(await readTenant(String(datname), query))
  const prepared = await query('postgres', 'select gid from pg_prepared_xacts')
  return {
    tenants,
    prepared: prepared.map(row => String(row.gid)),
    ports,
    secrets: passwords.map(one => one.password),
  }
}

type Row = Readonly<Record<string, unknown>>

async function readTenant(
  tenant: string,
  query: (database: string, sql: string) => Promise<readonly Row[]>,
): Promise<TenantReading> {
  const [found] = await query(
    tenant,
    `select to_regclass('public.alembic_version') is not null as is_alembic,
            to_regclass('public.refunds') is not null as has_refunds`,
  )
  const versions =
    found?.is_alembic === true
      ? await query(tenant, 'select version_num as revision from alembic_version order by 1')
      : await query(tenant, 'select max(revision) as revision from lockstep_version')
  return {
    tenant,
    revisions: versions.map(row => String(row.revision)),
    hasRefunds: found?.has_refunds === true,
  }
}

async function queryOnce(settings: pg.ClientConfig, sql: string): Promise<readonly Row[]> {
  const client = new pg.Client(settings)
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Ports in the order of the project file: the primary first. */
function readPorts(config: unknown): readonly number[] {
  if (typeof config !== 'object' || config === null || !('servers' in config)) return []
  const { servers } = config
  if (!Array.isArray(servers)) return []
  return servers.map(server => Number(server.port))
}

function parsePassLine(line: string): { readonly user: string; readonly password: string } {
  const [, , , user = '', password = ''] = line.split(':')
  return { user, password }
}
