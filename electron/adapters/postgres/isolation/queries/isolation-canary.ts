import type { ProbeResult } from '../../../../engine/ports/gate-facts.ts'
import { quoteIdentifier } from '../../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../../session/database-client.ts'
import { sqlStateOf } from '../../session/map-error.ts'

interface CanaryTable {
  readonly schema: string
  readonly name: string
}

/** Tries, as the role that has logged in, to read a table and to delete from one; nothing is changed. Says what worked. */
export async function tryCanary(client: DatabaseClient): Promise<string> {
  const readable = await firstWorking(client, 'SELECT', (table, sql) => sql(`select from ${table} limit 1`))
  // No row meets the condition, but the right to delete is checked all the same.
  const writable = await firstWorking(client, 'DELETE', (table, sql) =>
    sql(`delete from ${table} where false`),
  )
  const found = [
    ...(readable ? [`can read ${readable}`] : []),
    ...(writable ? [`can delete from ${writable}`] : []),
  ]
  return found.length > 0 ? found.join(' and ') : 'no table there can be read or written'
}

/** Tries, as the role that has logged in, to read, write and guess what is in a schema of another tenant; nothing is changed. */
export async function tryForeignSchema(client: DatabaseClient, schema: string): Promise<ProbeResult> {
  const { rows } = await client.query<CanaryTable>(
    `select n.nspname::text as schema, c.relname::text as name
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm') and n.nspname = $1 order by c.relkind, 2 limit 5`,
    [schema],
  )
  // A name that is not there is refused all the same where the schema is closed.
  const tables = [...rows, { schema, name: 'lockstep_probe' }]
  const worked: string[] = []
  for (const { name } of tables) {
    const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
    const attempts = [
      ['can read', `select from ${table} limit 1`],
      ['can delete from', `delete from ${table} where false`],
    ] as const
    for (const [what, sql] of attempts)
      if (await worksRolledBack(client, () => client.query(sql))) worked.push(`${what} ${schema}.${name}`)
  }
  const { rows: usable } = await client.query<{ readonly usable: boolean }>(
    `select has_schema_privilege(oid, 'USAGE') as usable from pg_catalog.pg_namespace where nspname = $1`,
    [schema],
  )
  if (worked.length > 0) return { result: 'reached', detail: worked.join(', ') }
  if (usable[0]?.usable)
    return {
      result: 'reached',
      detail: `can look into schema ${schema}, where no table lets it read or write`,
    }
  return { result: 'refused', sqlstate: '42501' }
}

async function firstWorking(
  client: DatabaseClient,
  privilege: 'SELECT' | 'DELETE',
  attempt: (table: string, sql: (text: string) => Promise<unknown>) => Promise<unknown>,
): Promise<string | null> {
  const { rows } = await client.query<CanaryTable>(
    `select n.nspname::text as schema, c.relname::text as name
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, $1)
     order by 1, 2 limit 3`,
    [privilege],
  )
  for (const { schema, name } of rows) {
    const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
    if (await worksRolledBack(client, () => attempt(table, text => client.query(text))))
      return `${schema}.${name}`
  }
  return null
}

async function worksRolledBack(client: DatabaseClient, attempt: () => Promise<unknown>): Promise<boolean> {
  await client.query('begin')
  try {
    await attempt()
    return true
  } catch (error) {
    if (sqlStateOf(error) === null) throw error
    return false
  } finally {
    await client.query('rollback')
  }
}
