import type { Failure } from '../../../shared/failure.ts'
import type { TracedStatement } from '../../../shared/foresight/rehearsal.ts'
import type { PlannedStep } from '../../../shared/plan.ts'
import type { StatementTracer } from '../ports/lock-trace.ts'
import type { Shadow } from '../ports/shadows.ts'
import { redactSql } from '../redact-sql.ts'
import type { RehearsalContext } from './rehearsal-context.ts'
import { runSteps, type StepRun } from './run-steps.ts'

const nothing = { locks: [], rewrites: [], scans: [], invalid: [] }

/** Runs steps on a copy and follows each statement. */
export async function runTraced(
  { ports, config }: RehearsalContext,
  shadow: Shadow,
  way: Pick<StepRun, 'from' | 'steps' | 'inspect'>,
  signal: AbortSignal,
): Promise<{ readonly failure: Failure | null; readonly statements: readonly TracedStatement[] }> {
  const { source, sessions, lockTracer } = ports
  const statements: TracedStatement[] = []
  const observe = (part: readonly PlannedStep[]): ReturnType<NonNullable<StepRun['observe']>> => {
    const transactional = part.every(step => step.transactional)
    let tracer: StatementTracer | null = null
    return {
      async started({ trace }) {
        tracer = trace ? lockTracer.start(trace) : null
      },
      async statement({ revision, index, sql, durationMs, rowCount, trace }) {
        const traced = (trace && tracer?.next(trace)) ?? nothing
        statements.push({
          revision,
          index,
          sql: redactSql(sql),
          durationMs,
          rowCount,
          transactional,
          ...traced,
        })
      },
    }
  }
  const failure = await runSteps(
    {
      ...way,
      source,
      tenant: shadow.tenant,
      limits: {
        lockTimeoutMs: config.execution.lockTimeoutSeconds * 1_000,
        statementTimeoutMs: config.execution.statementTimeoutSeconds * 1_000,
      },
      cancel: { sessions, server: shadow.server },
      trace: lockTracer.queries,
      observe,
    },
    signal,
  )
  return { failure, statements }
}
