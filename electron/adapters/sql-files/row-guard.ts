import { insertShowsRowsSql } from '../../sql/guard-rows.ts'
import type { SqlSession } from '../../transactions/sql-session.ts'

/** Called before each statement of a file. */
export type RowGuard = (sql: string) => Promise<void>

/**
 * Lets the server refuse what a policy would narrow, instead of passing over rows in silence.
 *
 * With `row_security = off`, which is set where a policy may hide rows, a statement whose rows a policy would filter is
 * an error; where no policy holds, nothing changes. An INSERT of values passes over no row: its policy refuses aloud,
 * so it runs as ever, unless it runs code that looks at other rows.
 */
export function createRowGuard(
  session: SqlSession,
  {
    isGuarded,
    isAccepted,
    isLocal,
  }: { readonly isGuarded: boolean; readonly isAccepted: boolean; readonly isLocal: boolean },
): RowGuard {
  if (!isGuarded) return async () => undefined
  const showsRows = async (sql: string): Promise<boolean> => {
    const target = onlyAddsRows(sql) ? findTarget(sql) : null
    if (target === null) return false
    const { rows } = await session.query(insertShowsRowsSql('$1', '$2'), [target, findCalledNames(sql)])
    return rows[0]?.shown === true
  }
  // Before every statement: a savepoint, RESET ALL, or a statement of the file may have taken the setting back.
  return async sql => {
    await session.query(
      `select pg_catalog.set_config(name, case when $1 then reset_val else 'off' end, $2)
       from pg_catalog.pg_settings where name = 'row_security'`,
      [isAccepted || (await showsRows(sql)), isLocal],
    )
  }
}

/** The table that an INSERT is told, as it is written. */
function findTarget(sql: string): string | null {
  const name = '(?:"(?:[^"]|"")+"|[\\p{L}_][\\p{L}\\p{N}_$]*)'
  return new RegExp(`\\binto\\s+(${name}(?:\\s*\\.\\s*${name})?)`, 'iu').exec(sql)?.[1] ?? null
}

/** Everything that stands before a bracket; what stands in literals counts as well, since seeing too much does no harm. */
function findCalledNames(sql: string): readonly string[] {
  return [...sql.matchAll(/([\p{L}_][\p{L}\p{N}_$]*)"?\s*\(/gu)].flatMap(([, name = '']) => [
    name,
    name.toLowerCase(),
  ])
}

/** An INSERT of values, which reads no table. */
export function onlyAddsRows(sql: string): boolean {
  const bare = sql.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*.*?\*\/)+/s, '')
  return /^insert\b/i.test(bare) && !/\b(?:select|table|with)\b/i.test(bare)
}
