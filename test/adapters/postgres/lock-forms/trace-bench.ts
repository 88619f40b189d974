import { createLockTracer } from '../../../../electron/adapters/postgres/locks/lock-tracer.ts'
import {
  repeatedQueries,
  traceInside,
  traceOutside,
} from '../../../../electron/adapters/sql-files/trace-session.ts'
import type { LockTracer, LockWatch, StatementTrace } from '../../../../electron/engine/ports/lock-trace.ts'
import type { SqlSession } from '../../../../electron/transactions/sql-session.ts'
import type { TestSandbox } from '../../../support/with-sandbox.ts'
import { openOn } from '../../sql-files/test-session.ts'
import { describeServer, describeTenant, never } from '../sandbox-settings.ts'

/** The real tracer on one session of a database: each statement is traced from its own beginning. */
export class TraceBench {
  readonly tracer: LockTracer
  readonly #session: SqlSession
  readonly #database: string

  private constructor(tracer: LockTracer, session: SqlSession, database: string) {
    this.tracer = tracer
    this.#session = session
    this.#database = database
  }

  static async open(sandbox: TestSandbox, database: string): Promise<TraceBench> {
    const tracer = createLockTracer(() => describeServer(sandbox, sandbox.primary))
    return new TraceBench(tracer, await openOn(sandbox)(describeTenant(database), never), database)
  }

  /** Traces statements of one transaction, which is rolled back. */
  async inside(statements: readonly string[]): Promise<readonly StatementTrace[]> {
    const [session, queries] = [this.#session, this.tracer.queries]
    await session.query('begin')
    try {
      const trace = this.tracer.start(await traceInside(session, queries))
      const traced: StatementTrace[] = []
      for (const sql of statements) {
        await session.query(sql)
        traced.push(trace.next(await traceInside(session, repeatedQueries(queries))))
      }
      return traced
    } finally {
      await session.query('rollback')
    }
  }

  /** Traces statements that are committed one by one, each watched from another session. */
  async outside(statements: readonly string[]): Promise<readonly StatementTrace[]> {
    const place = { server: 'primary', database: this.#database }
    return this.tracer.withWatch(place, watch => this.#watch(watch, statements), never)
  }

  async close(): Promise<void> {
    await this.#session.end()
  }

  async #watch(watch: LockWatch, statements: readonly string[]): Promise<readonly StatementTrace[]> {
    const [session, queries] = [this.#session, this.tracer.queries]
    const trace = this.tracer.start(await traceOutside(session, queries))
    const traced: StatementTrace[] = []
    for (const sql of statements) {
      const before = await traceOutside(session, repeatedQueries(queries))
      await watch.begin({ backendPid: session.backendPid, sql })
      await session.query(sql)
      const after = await traceOutside(session, repeatedQueries(queries))
      traced.push(trace.next(after, before, await watch.end()))
    }
    return traced
  }
}
