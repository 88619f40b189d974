import type { SqlSession } from './sql-session.ts'

/** Called before each statement of a file. */
export type RowGuard = (sql: string) => Promise<void>

/**
 * Lets the server refuse what a policy would narrow, instead of passing over rows in silence.
 *
 * With `row_security = off`, which is set where a policy may hide rows, a statement whose rows a policy would filter is an error; for whoever
 * no policy holds nothing changes. A plain INSERT passes over no row: its policy refuses aloud, so it runs as ever.
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
  // Before every statement: a savepoint, RESET ALL, or a statement of the file may have taken the setting back.
  return async sql => {
    await session.query(
      `select pg_catalog.set_config(name, case when $1 then reset_val else 'off' end, $2)
       from pg_catalog.pg_settings where name = 'row_security'`,
      [isAccepted || onlyAddsRows(sql), isLocal],
    )
  }
}

/** An INSERT of values, which reads no table. */
export function onlyAddsRows(sql: string): boolean {
  const bare = sql.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*.*?\*\/)+/s, '')
  return /^insert\b/i.test(bare) && !/\b(?:select|table|with)\b/i.test(bare)
}
