import type { VersionTable } from '../../engine/ports/migration-source.ts'
import { quoteIdentifier, quoteLiteral } from '../../sql/quote-identifier.ts'
import type { SqlSession } from '../../transactions/sql-session.ts'

export const defaultVersionTable: VersionTable = { schema: 'public', name: 'lockstep_version' }

/** One row of the version table. */
export interface AppliedRevision {
  readonly revision: string
  readonly name: string
  readonly checksum: string
}

/** Reads what is applied, without changing anything; empty when there is no version table. */
export async function readApplied(
  session: SqlSession,
  table: VersionTable,
): Promise<readonly AppliedRevision[]> {
  return (await hasVersionTable(session, table)) ? selectApplied(session, table) : []
}

/** Says whether a version table is there; nothing is locked or made. */
export async function hasVersionTable(session: SqlSession, table: VersionTable): Promise<boolean> {
  const found = await session.query('select to_regclass($1) is not null as found', [qualify(table)])
  return found.rows[0]?.found === true
}

/** Makes the version table where there is none, and keeps every other session from writing to it until the transaction ends. */
export async function lockVersionTable(
  session: SqlSession,
  table: VersionTable,
): Promise<readonly AppliedRevision[]> {
  // `if not exists` needs the right to create in the schema even when the table exists.
  if (!(await hasVersionTable(session, table))) await session.query(createStatement(table))
  await session.query(`lock table ${qualify(table)} in share row exclusive mode`)
  return selectApplied(session, table)
}

/** Notes a revision as applied, and says how many rows that made. */
export async function insertApplied(
  session: SqlSession,
  table: VersionTable,
  applied: AppliedRevision,
): Promise<number | null> {
  const sql = `insert into ${qualify(table)} (revision, name, checksum, applied_at) values ($1, $2, $3, now())`
  return (await session.query(sql, [applied.revision, applied.name, applied.checksum])).rowCount
}

/** Takes the note back, and says how many rows went. */
export async function deleteApplied(
  session: SqlSession,
  table: VersionTable,
  revision: string,
): Promise<number | null> {
  return (await session.query(`delete from ${qualify(table)} where revision = $1`, [revision])).rowCount
}

/** SQL that notes a revision as applied without running it, for databases that have its objects already. */
export function renderApplied(table: VersionTable, applied: AppliedRevision): string {
  const values = [applied.revision, applied.name, applied.checksum].map(quoteLiteral).join(', ')
  return [
    createStatement(table).replace('create table', 'create table if not exists'),
    `insert into ${qualify(table)} (revision, name, checksum, applied_at) values (${values}, now())`,
  ].join(';\n')
}

function createStatement(table: VersionTable): string {
  return `create table ${qualify(table)} (
  revision text primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null
)`
}

async function selectApplied(session: SqlSession, table: VersionTable): Promise<readonly AppliedRevision[]> {
  const { rows } = await session.query(`select revision, name, checksum from ${qualify(table)}`)
  return rows.map(row => ({
    revision: String(row.revision),
    name: String(row.name),
    checksum: String(row.checksum),
  }))
}

function qualify(table: VersionTable): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`
}
