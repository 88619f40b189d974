import type { MigrateObserver, MigrateRequest, StatementFacts } from '../../engine/ports/migration-source.ts'
import type { SqlStatementFacts } from '../../engine/ports/sql-parser.ts'
import type { SqlSession } from '../../transactions/sql-session.ts'
import type { Script } from './read-script.ts'
import { repeatedQueries, traceInside, traceOutside } from './trace-session.ts'

/** A statement that is about to run, and where it stands. */
export interface ComingStatement {
  readonly revision: string
  readonly index: number
  readonly statement: SqlStatementFacts
}

/** What a statement runs with. */
export interface StatementWork {
  readonly session: SqlSession
  readonly request: MigrateRequest
  readonly observer: MigrateObserver
}

/** Runs one statement and tells the observer of it; with a trace, if one was asked for. */
export async function runStatement(
  { session, request, observer }: StatementWork,
  script: Script,
  { revision, index, statement }: ComingStatement,
): Promise<void> {
  const coming = { revision, index, sql: statement.sql }
  const run = async (): Promise<Omit<StatementFacts, 'trace' | 'traceBefore'>> => {
    const startedAt = performance.now()
    const { rowCount } = await session.query(statement.sql)
    return { ...coming, rowCount, durationMs: performance.now() - startedAt }
  }
  if (!request.trace) return observer.statement(await run())
  const queries = repeatedQueries(request.trace)
  if (script.way !== 'outside') {
    // Between two files the version table was written, and deferred checks were run.
    const before = index === 0 ? { traceBefore: await traceInside(session, queries) } : {}
    const ran = await run()
    return observer.statement({ ...ran, ...before, trace: await traceInside(session, queries) })
  }
  if (statement.transactional && !mayCommit(statement.sql)) {
    // A transaction around one statement changes nothing, and keeps its locks until they have been read.
    await session.query('begin isolation level read committed read write')
    const traceBefore = await traceInside(session, queries)
    const ran = await run()
    await observer.statement({ ...ran, traceBefore, trace: await traceInside(session, queries) })
    await session.query('commit')
    return
  }
  const traceBefore = await traceOutside(session, queries)
  await observer.aboutToRun?.(coming)
  const ran = await run()
  await observer.statement({ ...ran, traceBefore, trace: await traceOutside(session, queries) })
}

/** A procedure or a block may commit by itself, which the server refuses inside a transaction that we began. */
function mayCommit(sql: string): boolean {
  return /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:call|do)\b/i.test(sql)
}
