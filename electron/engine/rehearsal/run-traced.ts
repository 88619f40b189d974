import type { Failure } from '../../../shared/failure.ts'
import type { TracedStatement } from '../../../shared/foresight/rehearsal.ts'
import type { PlannedStep } from '../../../shared/plan.ts'
import type { LockWatch, StatementTracer } from '../ports/lock-trace.ts'
import type { Shadow } from '../ports/shadows.ts'
import { redactSql } from '../redact-sql.ts'
import { traceAsPlanned } from './plan-names.ts'
import type { RehearsalContext } from './rehearsal-context.ts'
import { runSteps, type StepRun } from './run-steps.ts'

type Way = Pick<StepRun, 'from' | 'steps' | 'inspect'>

const nothing = { locks: [], rewrites: [], scans: [], invalid: [] }

/** Runs steps on a copy and follows each statement. */
export async function runTraced(
  context: RehearsalContext,
  shadow: Shadow,
  way: Way,
  signal: AbortSignal,
): Promise<{ readonly failure: Failure | null; readonly statements: readonly TracedStatement[] }> {
  const statements: TracedStatement[] = []
  const run = (watch: LockWatch | null): Promise<Failure | null> =>
    runSteps(followed(context, shadow, way, watch, statements), signal)
  const place = { server: shadow.server, database: shadow.tenant.database }
  // Only what runs outside a transaction has to be watched from another session.
  const failure = way.steps.every(step => step.transactional)
    ? await run(null)
    : await context.ports.lockTracer.withWatch(place, run, signal)
  return { failure, statements }
}

function followed(
  { ports, config }: RehearsalContext,
  shadow: Shadow,
  way: Way,
  watch: LockWatch | null,
  statements: TracedStatement[],
): StepRun {
  const { source, sessions, lockTracer } = ports
  return {
    ...way,
    source,
    tenant: shadow.tenant,
    limits: {
      lockTimeoutMs: config.execution.lockTimeoutSeconds * 1_000,
      statementTimeoutMs: config.execution.statementTimeoutSeconds * 1_000,
    },
    cancel: { sessions, server: shadow.server },
    trace: lockTracer.queries,
    observe: part =>
      observeTrace(lockTracer, part, watch, traced => {
        statements.push({ ...traced, ...traceAsPlanned(shadow.tenant.schema, traced) })
      }),
  }
}

function observeTrace(
  lockTracer: RehearsalContext['ports']['lockTracer'],
  part: readonly PlannedStep[],
  watch: LockWatch | null,
  onStatement: (statement: TracedStatement) => void,
): ReturnType<NonNullable<StepRun['observe']>> {
  const transactional = part.every(step => step.transactional)
  let tracer: StatementTracer | null = null
  let backendPid = 0
  let isWatched = false
  return {
    async started({ trace, backendPid: pid }) {
      backendPid = pid
      tracer = trace ? lockTracer.start(trace) : null
    },
    async aboutToRun({ sql }) {
      await watch?.begin({ backendPid, sql })
      isWatched = watch !== null
    },
    async statement({ revision, index, sql, durationMs, rowCount, line, trace, traceBefore }) {
      const watched = isWatched ? await watch?.end() : undefined
      isWatched = false
      const traced = (trace && tracer?.next(trace, traceBefore, watched)) ?? nothing
      onStatement({
        revision,
        index,
        sql: redactSql(sql),
        durationMs,
        rowCount,
        transactional,
        ...(line === undefined ? {} : { line }),
        ...traced,
      })
    },
  }
}
