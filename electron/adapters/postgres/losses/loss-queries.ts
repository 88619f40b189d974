import type { TraceQuery, TraceRows } from '../../../engine/ports/lock-trace.ts'
import { quoteLiteral } from '../../../sql/quote-identifier.ts'

/** One count: rows of a table itself for which a condition holds, if there is one, or numbers of a sequence. */
export type CountQuery =
  | {
      readonly kind: 'rows'
      readonly name: string
      /** Qualified and quoted. */
      readonly table: string
      /** SQL; null counts every row. */
      readonly condition: string | null
    }
  | { readonly kind: 'numbers'; readonly name: string; readonly table: string }

/**
 * Counts rows, and says null instead where a row-level policy would hide some: the function knows for whom it holds,
 * and PostgreSQL runs the arm of a CASE only when it comes to it.
 */
export function countQuery(count: CountQuery): TraceQuery {
  if (count.kind === 'numbers') return { name: count.name, sql: countNumbers(count.table) }
  const { name, table, condition } = count
  const where = condition === null ? '' : ` where ${condition}`
  const counted = `(select pg_catalog.count(*) from only ${table}${where})`
  const sql = `select case when pg_catalog.row_security_active(${quoteLiteral(table)}::pg_catalog.regclass) then null else ${counted}::text end as count`
  return { name, sql }
}

/** A sequence that was set to a number counts as if it had given out all before; null where it may not be looked at. */
function countNumbers(sequence: string): string {
  const name = `${quoteLiteral(sequence)}::pg_catalog.regclass`
  return `select case when not pg_catalog.has_sequence_privilege(${name}, 'select') then null
  else coalesce(pg_catalog.abs(pg_catalog.pg_sequence_last_value(${name}) - s.seqstart) / pg_catalog.abs(s.seqincrement) + 1, 0)::text end as count
from pg_catalog.pg_sequence s where s.seqrelid = ${name}`
}

/** Reads what `countQuery` gave. */
export function readCountedRows(rows: TraceRows, name: string): number | null {
  const count = rows[name]?.[0]?.count
  return count === null || count === undefined ? null : Number(count)
}

/**
 * The counts inside a migrating transaction: no session may write to what is counted from here to the transaction's end.
 *
 * The strongest lock at once: dropping takes it anyway, and a lock that is strengthened later invites a deadlock. The
 * savepoint gives the settings back, not these locks, which were taken before it.
 */
export function countUnderLock(counts: readonly CountQuery[]): readonly TraceQuery[] {
  if (counts.length === 0) return []
  // PostgreSQL has no lock for a sequence: that is kept from others when it is dropped.
  const tables = [...new Set(counts.flatMap(({ kind, table }) => (kind === 'rows' ? [table] : [])))].sort()
  const lock = { name: 'lock', sql: `lock table ${tables.join(', ')} in access exclusive mode` }
  return [
    ...(tables.length === 0 ? [] : [lock]),
    { name: 'savepoint', sql: 'savepoint lockstep_losses' },
    { name: 'settings', sql: countSettings },
    ...(tables.length === 0 ? [] : [{ name: 'role', sql: countAsLogin(tables) }]),
    ...counts.map(countQuery),
    { name: 'rollback', sql: 'rollback to savepoint lockstep_losses' },
    { name: 'release', sql: 'release savepoint lockstep_losses' },
  ]
}

/** With row security on, a policy hides rows from `row_security_active` only; with it off, it would raise an error. */
const countSettings = `select pg_catalog.set_config('search_path', '', true), pg_catalog.set_config('row_security', 'on', true)`

/** A migration may have taken the role of an owner whom policies hold; a login above them sees every row. */
function countAsLogin(tables: readonly string[]): string {
  const mayRead = tables
    .map(
      table =>
        `pg_catalog.has_table_privilege(session_user, ${quoteLiteral(table)}::pg_catalog.regclass, 'select')`,
    )
    .join(' and ')
  return `select pg_catalog.set_config('role', case when r.rolsuper or (r.rolbypassrls and ${mayRead}) then 'none'
  else pg_catalog.current_setting('role') end, true)
from pg_catalog.pg_roles r where r.rolname = session_user`
}
