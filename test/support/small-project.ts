import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { LockstepHome, LockstepOptions, LockstepResult, RunningLockstep } from './run-lockstep.ts'
import type { TestSandbox } from './with-sandbox.ts'

/** A project with two or three tiny tenants and SQL files: what a person has, as small as it can be. */
export interface SmallProject {
  readonly folder: string
  readonly tenants: readonly string[]
  run(args: readonly string[], options?: LockstepOptions): Promise<LockstepResult>
  start(args: readonly string[], options?: LockstepOptions): RunningLockstep
  /** Writes `lockstep.yml` again, with these settings instead of the usual ones. */
  configure(changes: Readonly<Record<string, unknown>>): void
  writeFiles(files: Readonly<Record<string, string>>): void
  /** Version and whether the table of the second migration is there, by tenant. */
  readTenants(): Promise<Readonly<Record<string, string>>>
  prepared(): Promise<readonly string[]>
}

export interface SmallProjectOptions {
  readonly home: LockstepHome
  readonly sandbox: TestSandbox
  /** The folder's name, and the beginning of the tenants' names. */
  readonly name: string
  readonly tenants?: readonly string[]
  readonly config?: Readonly<Record<string, unknown>>
}

/** Two revisions: a table, and another that refers to it. */
export const smallMigrations: Readonly<Record<string, string>> = {
  'migrations/0001_items.up.sql':
    'create table items (id integer primary key, name text not null);\ninsert into items values (1, $$one$$);\n',
  'migrations/0001_items.down.sql': 'drop table items;\n',
  'migrations/0002_prices.up.sql':
    'create table prices (item integer not null references items, cents integer not null);\n',
  'migrations/0002_prices.down.sql': 'drop table prices;\n',
}

/** Makes the databases and the folder of a small project in a sandbox. */
export async function makeSmallProject(options: SmallProjectOptions): Promise<SmallProject> {
  const { home, sandbox, name } = options
  const tenants = options.tenants ?? ['a', 'b', 'c'].map(letter => `${name}_${letter}`)
  const folder = join(home.folder, name)
  for (const tenant of tenants) {
    await sandbox.query(`create database ${quote(tenant)} template template0`)
    // PUBLIC may enter every database by default; tenants are closed to it.
    await sandbox.query(`revoke connect, temporary on database ${quote(tenant)} from public`)
  }
  const own = (given?: LockstepOptions): LockstepOptions => ({
    folder,
    ...given,
    // The runs of a project lie in it, where they lie without this variable.
    environment: {
      LOCKSTEP_STATE_DIR: undefined,
      PGPASSWORD: sandbox.superuser.password ?? undefined,
      ...given?.environment,
    },
  })
  const writeFiles: SmallProject['writeFiles'] = files => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, path)
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, text)
    }
  }
  const configure: SmallProject['configure'] = changes =>
    writeFiles({ 'lockstep.yml': stringify({ ...usualConfig(options, tenants), ...changes }) })
  rmSync(folder, { recursive: true, force: true })
  writeFiles(smallMigrations)
  configure({})
  return {
    folder,
    tenants,
    run: (args, given) => home.run(args, own(given)),
    start: (args, given) => home.start(args, own(given)),
    configure,
    writeFiles,
    readTenants: async () =>
      Object.fromEntries(
        await Promise.all(tenants.map(async tenant => [tenant, await readTenant(sandbox, tenant)] as const)),
      ),
    prepared: async () =>
      (await sandbox.query('select gid from pg_prepared_xacts order by gid')).map(row => String(row.gid)),
  }
}

function usualConfig({ sandbox, name, config }: SmallProjectOptions, tenants: readonly string[]) {
  return {
    version: 1,
    project: name,
    servers: [{ name: 'primary', port: sandbox.primary.port }],
    tenants: { databases: tenants },
    migrations: { sql: { folder: 'migrations' } },
    gates: { replica_lag: { requireStandbys: false } },
    execution: { settleSeconds: 5 },
    ...config,
  }
}

/** Such as `0002 with prices`; `empty` where nothing was applied. */
async function readTenant(sandbox: TestSandbox, tenant: string): Promise<string> {
  const [found] = await sandbox.query(
    `select to_regclass('public.lockstep_version') is not null as known,
            to_regclass('public.prices') is not null as prices`,
    tenant,
  )
  if (found?.known !== true) return found?.prices === true ? 'unknown with prices' : 'empty'
  const [version] = await sandbox.query('select max(revision) as revision from lockstep_version', tenant)
  return `${version?.revision ?? 'none'}${found.prices === true ? ' with prices' : ''}`
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
