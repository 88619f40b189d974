import type { LockTracer, LockWatch, StatementTracer } from '../../../../electron/engine/ports/lock-trace.ts'
import type { MigrateObserver } from '../../../../electron/engine/ports/migration-source.ts'
import type { TracedStatement } from '../../../../shared/analysis/rehearsal.ts'

/** A statement of a migration, and its trace. */
export type FollowedStatement = Pick<TracedStatement, 'sql' | 'locks' | 'rewrites' | 'scans' | 'invalid'>

/** Follows a migration as a rehearsal does, and keeps what each statement did. */
export function followTrace(
  tracer: LockTracer,
  watch?: LockWatch,
): { readonly observer: Partial<MigrateObserver>; readonly followed: FollowedStatement[] } {
  const followed: FollowedStatement[] = []
  let trace: StatementTracer | null = null
  let backendPid = 0
  let isWatched = false
  const observer: Partial<MigrateObserver> = {
    async started(facts) {
      backendPid = facts.backendPid
      trace = facts.trace ? tracer.start(facts.trace) : null
    },
    async aboutToRun({ sql }) {
      isWatched = true
      await watch?.begin({ backendPid, sql })
    },
    async statement(facts) {
      const watched = isWatched ? await watch?.end() : undefined
      isWatched = false
      if (!facts.trace || !trace) return
      followed.push({ sql: facts.sql, ...trace.next(facts.trace, facts.traceBefore, watched) })
    },
  }
  return { observer, followed }
}
