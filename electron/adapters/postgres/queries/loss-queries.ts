import type { TraceQuery, TraceRows } from '../../../engine/ports/lock-trace.ts'
import { quoteLiteral } from '../quote-identifier.ts'

/** One count: rows of a table itself for which a condition holds, if there is one. */
export interface CountQuery {
  readonly name: string
  /** Qualified and quoted. */
  readonly table: string
  /** SQL; null counts every row. */
  readonly condition: string | null
}

/**
 * Counts rows, and says null instead where a row-level policy would hide some: the function knows for whom it holds,
 * and PostgreSQL runs the arm of a CASE only when it comes to it.
 */
export function countQuery({ name, table, condition }: CountQuery): TraceQuery {
  const where = condition === null ? '' : ` where ${condition}`
  const counted = `(select pg_catalog.count(*) from only ${table}${where})`
  const sql = `select case when pg_catalog.row_security_active(${quoteLiteral(table)}::pg_catalog.regclass) then null else ${counted}::text end as count`
  return { name, sql }
}

/** Reads what `countQuery` gave. */
export function readCount(rows: TraceRows, name: string): number | null {
  const count = rows[name]?.[0]?.count
  return count === null || count === undefined ? null : Number(count)
}

/**
 * The counts inside a migrating transaction: nobody may write to what is counted from here to the transaction's end.
 *
 * The strongest lock at once: dropping takes it anyway, and whoever strengthens a lock later invites a deadlock. The
 * savepoint gives the settings back, not these locks, which were taken before it.
 */
export function countUnderLock(counts: readonly CountQuery[]): readonly TraceQuery[] {
  if (counts.length === 0) return []
  const tables = [...new Set(counts.map(({ table }) => table))].sort()
  return [
    { name: 'lock', sql: `lock table ${tables.join(', ')} in access exclusive mode` },
    { name: 'savepoint', sql: 'savepoint lockstep_losses' },
    { name: 'settings', sql: countSettings },
    { name: 'role', sql: countAsLogin(tables) },
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
