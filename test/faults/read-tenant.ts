import type { SandboxServer } from '../../electron/adapters/embedded-postgres/start-cluster.ts'
import type { TestSandbox } from '../support/with-sandbox.ts'
import { firstOwnId } from './application.ts'

/** What a tenant holds, as far as a migration is about it. */
export interface TenantReading {
  /** Of every column, constraint, index and privilege of its tables. */
  readonly schema: string
  readonly versions: string
  /** The rows that were there before the application came. */
  readonly rows: string
}

const schemaOf = `
  select coalesce(string_agg(line, e'\\n' order by line), '') as text from (
    select format('%s.%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull) as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    union all
    select format('%s %s', conname, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n'
    union all
    select format('%s %s', pg_get_indexdef(indexrelid), indisvalid) from pg_index
    where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r')
    union all
    select format('%s %s', relname, relacl) from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'
  ) as lines`

/** Reads one tenant without the engine. */
export async function readTenant(
  sandbox: TestSandbox,
  server: SandboxServer,
  tenant: string,
  source: 'sql' | 'alembic',
): Promise<TenantReading> {
  const client = await sandbox.connect(tenant, server)
  try {
    const ask = async (sql: string): Promise<string> => {
      const { rows } = await client.query<{ text: string }>(sql)
      return rows[0]?.text ?? ''
    }
    const versions =
      source === 'sql'
        ? "select string_agg(revision, ',' order by revision) as text from lockstep_version"
        : "select string_agg(version_num, ',' order by version_num) as text from alembic_version"
    return {
      schema: await ask(schemaOf),
      versions: await ask(versions),
      rows: await ask(
        `select string_agg(i::text, ',' order by id) as text from items i where id < ${firstOwnId}`,
      ),
    }
  } finally {
    await client.end()
  }
}

/** Those of the application's rows that are gone. */
export async function findLostRows(
  sandbox: TestSandbox,
  tenant: string,
  acknowledged: readonly number[],
): Promise<readonly number[]> {
  const rows = await sandbox.query(`select id::int as id from items where id >= ${firstOwnId}`, tenant)
  const found = new Set(rows.map(row => Number(row.id)))
  return acknowledged.filter(id => !found.has(id))
}
