import type { TracedStatement } from '../../../shared/analysis/rehearsal.ts'
import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import { listNames, shortenText } from '../../../shared/text/plain-words.ts'
import { redactSql } from '../../sql/redact-sql.ts'
import type { LockWatch, StatementTrace, StatementTracer } from '../ports/lock-trace.ts'
import type { Shadow } from '../ports/shadows.ts'
import { traceAsPlanned } from './plan-names.ts'
import type { RehearsalContext } from './rehearsal-context.ts'
import { runSteps, type StepRun } from './run-steps.ts'

type Way = Pick<StepRun, 'from' | 'steps' | 'inspect' | 'gid'>

const nothing: StatementTrace = { locks: [], rewrites: [], scans: [], invalid: [] }

/**
 * Runs steps on a copy and follows each statement.
 *
 * On a server that others use, a transaction that has changed what all databases share is undone before it could be
 * committed, and the failure is `reaches_beyond`.
 */
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
  const follower: Follower = { tracer: null, isContained: shadow.description.kind === 'sandbox' }
  const refuse = (traced: StatementTrace, statement: string): Failure | null =>
    follower.isContained || !traced.shared ? null : refuseShared(shadow, statement, traced.shared)
  return {
    ...way,
    inspect: (inspection, part, trace) => {
      const last = trace && follower.tracer?.next(trace)
      // What was deferred runs after the last statement.
      return (last && refuse(last, 'what was deferred')) ?? way.inspect?.(inspection, part, trace) ?? null
    },
    source,
    tenant: shadow.tenant,
    limits: {
      lockTimeoutMs: config.execution.lockTimeoutSeconds * 1_000,
      statementTimeoutMs: config.execution.statementTimeoutSeconds * 1_000,
    },
    cancel: { sessions, server: shadow.server },
    trace: lockTracer.queries,
    observe: part =>
      observeTrace({ lockTracer, follower, part, watch }, traced => {
        statements.push({ ...traced, ...traceAsPlanned(shadow.tenant.schema, traced) })
        const failure = refuse(traced, `${shortenText(traced.sql, 80)} (revision ${traced.revision})`)
        if (failure) throw new LockstepError(failure)
      }),
  }
}

/** Who follows the parts of a route, one after another. */
interface Follower {
  tracer: StatementTracer | null
  readonly isContained: boolean
}

function refuseShared({ tenant }: Shadow, statement: string, shared: readonly string[]): Failure {
  const reach = `${statement} changed ${listNames(shared)} of the server while it ran on a copy, and was undone`
  return { kind: 'reaches_beyond', tenant: tenant.name, reach, why: '' }
}

interface ObservedPart {
  readonly lockTracer: RehearsalContext['ports']['lockTracer']
  readonly follower: Follower
  readonly part: readonly PlannedStep[]
  readonly watch: LockWatch | null
}

function observeTrace(
  { lockTracer, follower, part, watch }: ObservedPart,
  onStatement: (statement: TracedStatement) => void,
): ReturnType<NonNullable<StepRun['observe']>> {
  const transactional = part.every(step => step.transactional)
  let backendPid = 0
  let isWatched = false
  return {
    async started({ trace, backendPid: pid }) {
      backendPid = pid
      follower.tracer = trace ? lockTracer.start(trace) : null
    },
    async aboutToRun({ sql }) {
      await watch?.begin({ backendPid, sql })
      isWatched = watch !== null
    },
    async statement({ revision, index, sql, durationMs, rowCount, line, trace, traceBefore }) {
      const watched = isWatched ? await watch?.end() : undefined
      isWatched = false
      const traced = (trace && follower.tracer?.next(trace, traceBefore, watched)) ?? nothing
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
