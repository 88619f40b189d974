import { randomBytes } from 'node:crypto'
import { throwIfAborted } from '../../lib/throw-if-aborted.ts'
import {
  closeSharedDatabases,
  createTenant,
  describeTenants,
  grantTenant,
  recordAlembicRevision,
  type SandboxTenant,
  templateDatabase,
} from './sandbox-tenants.ts'
import { readSqlRevisions, type SqlRevision } from './sql-revisions.ts'

/** Runs one text of SQL as the superuser of the primary, in the database of that name, on a connection that is closed afterwards. */
type RunSql = (database: string, sql: string) => Promise<unknown>

/** How to fill a sandbox. */
export interface SeedOptions {
  readonly runSql: RunSql
  /** SQL that notes in a tenant's database that a revision is applied. Default: Alembic's version table. */
  readonly recordRevision?: (revision: SqlRevision) => string
}

/** Fills a started sandbox with its tenants, and gives back who they are. The standbys receive it by streaming. */
export async function seedSandbox(
  options: SeedOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly SandboxTenant[]> {
  const runSql: RunSql = (database, sql) => {
    throwIfAborted(signal)
    return options.runSql(database, sql)
  }
  const record = options.recordRevision ?? (revision => recordAlembicRevision(revision.revision))
  const tenants = describeTenants(() => randomBytes(18).toString('base64url'))
  const [baseline, billing] = readSqlRevisions()
  const apply = async (revision: SqlRevision | undefined): Promise<void> => {
    if (revision === undefined) return
    const { up, rows } = revision
    await runSql(templateDatabase, inOneTransaction([up, rows, record(revision), 'analyze']))
  }
  await runEach(runSql, [...closeSharedDatabases(), `create database ${templateDatabase}`])
  await apply(baseline)
  const late = tenants.filter(tenant => tenant.revision === '0001')
  await createTenants(runSql, late, 'copy')
  await apply(billing)
  const current = tenants.filter(tenant => tenant.revision === '0002')
  await createTenants(runSql, current.slice(0, -1), 'copy')
  await createTenants(runSql, current.slice(-1), 'rename')
  return tenants
}

async function createTenants(
  runSql: RunSql,
  tenants: readonly SandboxTenant[],
  way: 'copy' | 'rename',
): Promise<void> {
  await Promise.all(
    tenants.map(async tenant => {
      await runEach(runSql, createTenant(tenant, way))
      await runSql(tenant.database, grantTenant(tenant))
    }),
  )
}

async function runEach(runSql: RunSql, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await runSql('postgres', statement)
}

function inOneTransaction(parts: readonly string[]): string {
  return ['begin', ...parts, 'commit'].map(part => part.trim().replace(/;$/, '')).join(';\n')
}
