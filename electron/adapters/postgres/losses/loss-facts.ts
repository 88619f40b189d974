import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { CountRequest, LossFacts } from '../../../engine/ports/loss-facts.ts'
import type { SqlParser } from '../../../engine/ports/sql-parser.ts'
import { isLiteral } from '../../../sql/constant-truth.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import { readNode } from '../../../sql/syntax-node.ts'
import { ownNamesOf } from '../catalog/narrow-to-schema.ts'
import { readTableFiles, selectTableFiles } from '../catalog/table-files.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { primaryServerOf } from '../session/find-server.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { type CountQuery, countQuery, countUnderLock, readCountedRows } from './loss-queries.ts'

const asking = {
  applicationName: 'lockstep losses',
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 2_000,
  settings: { search_path: '', row_security: 'on', default_transaction_read_only: 'on' },
}

/** Counts on the primaries of the tenants. */
export function createLossFacts(servers: readonly ServerSettings[], parser: SqlParser): LossFacts {
  const ask = <T>(tenant: Tenant, use: (client: DatabaseClient) => Promise<T>, signal: AbortSignal) =>
    withClient(primaryServerOf(servers, tenant), tenant.database, asking, use, signal)
  return {
    count: (tenant, requests, signal) =>
      ask(
        tenant,
        async client => {
          const counts: (number | null)[] = []
          for (const request of requests)
            counts.push(await countNow({ client, parser }, tenant, request).catch(() => null))
          return counts
        },
        signal,
      ),
    planCount: (tenant, requests, signal) =>
      ask(
        tenant,
        async client => {
          const planned: (CountQuery | null)[] = []
          for (const [index, request] of requests.entries())
            planned.push(await planOne({ client, parser }, tenant, request, `count ${index}`))
          return {
            queries: [
              { name: 'files', sql: selectTableFiles },
              ...countUnderLock(planned.filter(one => one !== null)),
            ],
            readFiles: rows => readTableFiles(rows.files ?? [], tenant),
            read: rows => planned.map(one => (one === null ? 0 : readCountedRows(rows, one.name))),
          }
        },
        signal,
      ),
  }
}

/** The database, and what reads the expressions that it prints. */
interface Asked {
  readonly client: DatabaseClient
  readonly parser: SqlParser
}

async function countNow(asked: Asked, tenant: Tenant, request: CountRequest): Promise<number | null> {
  const planned = await planOne(asked, tenant, request, 'count')
  if (planned === null) return null
  const { name, sql } = countQuery(planned)
  const { rows } = await asked.client.query<Record<string, unknown>>(sql)
  return readCountedRows({ [name]: rows }, name)
}

/** A request names tables as a plan does: a tenant that is a schema has them in there, or shares them. Null where it is gone. */
async function planOne(
  asked: Asked,
  tenant: Tenant,
  request: CountRequest,
  name: string,
): Promise<CountQuery | null> {
  for (const table of ownNamesOf(tenant, [request.table])) {
    const { rows } = await asked.client.query<{ found: boolean }>(
      'select to_regclass($1) is not null as found',
      [table],
    )
    if (!rows[0]?.found) continue
    if (request.kind === 'numbers') return { kind: 'numbers', name, table }
    if (request.kind === 'rows') return { kind: 'rows', name, table, condition: null }
    const condition = await findCondition(asked, request, table)
    return condition === null ? null : { kind: 'rows', name, table, condition }
  }
  return null
}

/** A value that the column's constant default gives comes back with the column: only others can be lost. */
async function findCondition(
  { client, parser }: Asked,
  { kind, column }: Extract<CountRequest, { readonly column: string }>,
  table: string,
): Promise<string | null> {
  const name = quoteIdentifier(column)
  const { rows } = await client.query<{ generated: boolean; expression: string | null }>(
    `select a.attgenerated <> '' as generated, pg_catalog.pg_get_expr(d.adbin, d.adrelid) as expression
     from pg_catalog.pg_attribute a
     left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1::text::regclass and a.attname = $2 and not a.attisdropped`,
    [table, column],
  )
  const [found] = rows
  if (!found) return null
  if (found.generated) return 'false'
  if (kind === 'filled' || found.expression === null || !(await isConstant(parser, found.expression)))
    return `${name} is not null`
  return `${name} is not null and ${name}::text is distinct from (${found.expression})::text`
}

/** A literal with its type: nothing that is computed again for each row. */
async function isConstant(parser: SqlParser, expression: string): Promise<boolean> {
  const [statement, ...more] = await parser.parse(`select where ${expression}`)
  return statement !== undefined && more.length === 0 && isLiteral(readNode(statement.node, 'whereClause'))
}
