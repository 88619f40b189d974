import type { Tenant } from '../../../shared/topology.ts'
import type { CountWish, LossFacts } from '../../engine/ports/loss-facts.ts'
import type { DatabaseClient } from './database-client.ts'
import { primaryOf } from './gate-facts.ts'
import { ownNamesOf } from './narrow-to-schema.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import type { ServerSettings } from './server-settings.ts'
import { withClient } from './with-client.ts'

const asking = {
  applicationName: 'lockstep losses',
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 2_000,
  // A row-level policy raises instead of hiding rows from a count.
  settings: { search_path: '', row_security: 'off', default_transaction_read_only: 'on' },
}

/** Counts on the primaries of the tenants. */
export function createLossFacts(servers: readonly ServerSettings[]): LossFacts {
  return {
    count: (tenant: Tenant, wishes, signal) =>
      withClient(
        primaryOf(servers, tenant),
        tenant.database,
        asking,
        async client => {
          const counts: (number | null)[] = []
          for (const wish of wishes) counts.push(await countOwn(client, tenant, wish).catch(() => null))
          return counts
        },
        signal,
      ),
  }
}

/** A wish names tables as a plan does: a tenant that is a schema has them in there, or shares them. */
async function countOwn(client: DatabaseClient, tenant: Tenant, wish: CountWish): Promise<number | null> {
  for (const table of ownNamesOf(tenant, [wish.table])) {
    const { rows } = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [
      table,
    ])
    if (rows[0]?.found) return await countOne(client, { ...wish, table })
  }
  return null
}

async function countOne(client: DatabaseClient, wish: CountWish): Promise<number | null> {
  const where = wish.kind === 'rows' ? '' : ` where ${await findValues(client, wish)}`
  const { rows } = await client.query<{ count: string }>(
    `select count(*)::text as count from ${wish.table}${where}`,
  )
  return rows[0] ? Number(rows[0].count) : null
}

/** A value that the column's constant default gives comes back with the column: only others can be lost. */
async function findValues(
  client: DatabaseClient,
  { table, column }: Extract<CountWish, { kind: 'values' }>,
): Promise<string> {
  const name = quoteIdentifier(column)
  const { rows } = await client.query<{ generated: boolean; expression: string | null }>(
    `select a.attgenerated <> '' as generated, pg_catalog.pg_get_expr(d.adbin, d.adrelid) as expression
     from pg_catalog.pg_attribute a
     left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1::text::regclass and a.attname = $2`,
    [table, column],
  )
  const { generated = false, expression = null } = rows[0] ?? {}
  if (generated) return 'false'
  if (expression === null || !isConstant(expression)) return `${name} is not null`
  return `${name} is not null and ${name}::text is distinct from (${expression})::text`
}

/** A literal with its type, as PostgreSQL prints it: nothing that is worked out anew for each row. */
function isConstant(expression: string): boolean {
  return /^('(?:[^']|'')*'|-?[\d.]+|true|false|NULL)(::[\w ".[\]()]+)?$/.test(expression)
}
