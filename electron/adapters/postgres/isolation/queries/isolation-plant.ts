import type { SqlParser } from '../../../../engine/ports/sql-parser.ts'
import { callsOf } from '../../../../sql/policy-condition.ts'
import { quoteIdentifier, quoteLiteral } from '../../../../sql/quote-identifier.ts'
import { readNode } from '../../../../sql/syntax-node.ts'
import type { DatabaseClient } from '../../session/database-client.ts'

/** A column, with what is needed to fill it without its default. */
interface ColumnFacts {
  readonly name: string
  readonly type: string
  readonly category: string
  readonly isDomain: boolean
  readonly mustHave: boolean
  /** Its own value would be taken from a sequence, or made by a function that may take one. */
  readonly isSequenced: boolean
  readonly isGenerated: boolean
}

/** What a probe knows about the columns of a table. */
export interface PlantFacts {
  readonly columns: readonly ColumnFacts[]
  /** A trigger that fires before a row is inserted may change whose it is. */
  readonly hasTrigger: boolean
}

/** Reads what it takes to write a row into a table. */
export async function selectPlantFacts(
  client: DatabaseClient,
  parser: SqlParser,
  oid: string,
): Promise<PlantFacts> {
  const { rows: read } = await client.query<ColumnFacts & { readonly default: string | null }>(
    `select a.attname::text as name, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), a.atttypmod) as type,
       b.typcategory::text as category, t.typtype = 'd' as "isDomain",
       a.attnotnull as "mustHave", a.attidentity <> '' as "isSequenced",
       a.attgenerated <> '' as "isGenerated", pg_get_expr(d.adbin, d.adrelid) as default
     from pg_catalog.pg_attribute a
     join pg_catalog.pg_type t on t.oid = a.atttypid join pg_catalog.pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
     left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [oid],
  )
  const calls: (readonly string[])[] = []
  for (const column of read)
    calls.push(column.default === null ? [] : await listCalls(parser, column.default))
  const restless = await selectVolatileFunctions(client, [...new Set(calls.flat())])
  const columns = read.map((column, index) => ({
    ...column,
    isSequenced: column.isSequenced || (calls[index] ?? []).some(name => restless.has(name)),
  }))
  const { rows } = await client.query<{ readonly found: boolean }>(
    // 1 is a row trigger, 2 one before, 4 one of insert.
    `select exists (select from pg_catalog.pg_trigger where tgrelid = $1::oid and not tgisinternal and tgtype & 7 = 7) as found`,
    [oid],
  )
  return { columns, hasTrigger: rows[0]?.found ?? false }
}

async function listCalls(parser: SqlParser, expression: string): Promise<readonly string[]> {
  const [statement] = await parser.parse(`select where ${expression}`)
  return callsOf(readNode(statement?.node ?? {}, 'whereClause'))
}

/** Of these names, those of functions that may change something, a sequence among it. */
async function selectVolatileFunctions(
  client: DatabaseClient,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ readonly name: string }>(
    `select distinct proname::text as name from pg_catalog.pg_proc where provolatile = 'v' and proname = any($1::text[])`,
    [names],
  )
  return new Set(rows.map(({ name }) => name))
}

/** A statement that writes a row of a tenant, with values that are not in use; null where a type is unknown. No sequence is touched. */
export function writeRow(
  table: string,
  { columns }: PlantFacts,
  owner: { readonly column: string; readonly tenant: string; readonly seed: number },
): string | null {
  const filled = columns.filter(
    ({ name, mustHave, isSequenced, isGenerated }) =>
      !isGenerated && (mustHave || isSequenced || name === owner.column),
  )
  const values = filled.map((column, index) =>
    column.name === owner.column ? quoteLiteral(owner.tenant) : inventValue(column, owner.seed + index),
  )
  if (values.includes(null)) return null
  return insertInto(table, filled, values)
}

/** A statement that writes a row of a tenant and nothing else into it: whatever else is wrong is found after the policies. Null where it is not. */
export function writeBareRow(
  table: string,
  { columns, hasTrigger }: PlantFacts,
  owner: { readonly column: string; readonly tenant: string },
): string | null {
  if (hasTrigger || columns.some(column => column.isDomain)) return null
  const named = columns.filter(
    ({ name, isSequenced, isGenerated }) => !isGenerated && (isSequenced || name === owner.column),
  )
  const values = named.map(({ name }) => (name === owner.column ? quoteLiteral(owner.tenant) : 'null'))
  return insertInto(table, named, values)
}

function insertInto(
  table: string,
  columns: readonly ColumnFacts[],
  values: readonly (string | null)[],
): string {
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  return `insert into ${table} (${names}) overriding system value values (${values.join(', ')})`
}

function inventValue({ type, category }: ColumnFacts, seed: number): string | null {
  switch (category) {
    case 'N':
      return `-${seed}`
    case 'S':
      return `'${(seed % 1_296).toString(36)}'`
    case 'D':
      return 'current_timestamp'
    case 'B':
      return 'false'
    case 'T':
      return `'0'`
    case 'A':
      return `'{}'`
    case 'E':
      return `(enum_range(null::${type}))[1]`
    default:
      if (type === 'uuid') return 'gen_random_uuid()'
      if (type === 'json' || type === 'jsonb') return `'{}'`
      return type === 'bytea' ? `''` : null
  }
}
