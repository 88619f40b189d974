import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { type CancelWatch, cancelOnAbort } from '../context/cancel-on-abort.ts'
import type { Inspection } from '../ports/inspection.ts'
import type { TraceQuery, TraceRows } from '../ports/lock-trace.ts'
import type { MigrateObserver, MigrationSource } from '../ports/migration-source.ts'
import type { Sessions } from '../ports/servers.ts'
import { cutSteps } from '../routes/split-route.ts'

/** Steps that are run on a copy, the way a real run would. */
export interface StepRun {
  readonly source: Pick<MigrationSource, 'migrate'>
  readonly tenant: Tenant
  readonly from: readonly string[]
  readonly steps: readonly PlannedStep[]
  readonly limits: { readonly lockTimeoutMs: number; readonly statementTimeoutMs: number }
  /** Cancels what runs when the signal comes; without it only the connection is asked to. */
  readonly cancel?: { readonly sessions: Sessions; readonly server: string }
  readonly trace?: readonly TraceQuery[]
  /** Told like the observer of a real run; each part begins with `started`. */
  readonly observe?: (part: readonly PlannedStep[]) => Partial<Omit<MigrateObserver, 'readyToVote'>>
  /** Looks at the result of each part; a failure is a no. */
  readonly inspect?: (
    inspection: Inspection | null,
    part: readonly PlannedStep[],
    trace?: TraceRows,
  ) => Failure | null
  /** The transaction is prepared under it instead of committed, for the caller that rolls it back. */
  readonly gid?: string
}

/** Runs steps on a copy: what can in one transaction that is committed, the rest one by one. Null when all of it ran. */
export async function runSteps(run: StepRun, signal: AbortSignal): Promise<Failure | null> {
  let from = run.from
  for (const part of cutSteps(run.steps)) {
    const failure = await runPart(run, part, from, signal)
    if (failure !== null) return failure
    from = part.at(-1)?.headsAfter ?? from
  }
  return null
}

async function runPart(
  run: StepRun,
  part: readonly PlannedStep[],
  from: readonly string[],
  signal: AbortSignal,
): Promise<Failure | null> {
  const { cancel } = run
  const watch = cancel ? cancelOnAbort(cancel.sessions, signal) : null
  let refusal: Failure | null = null
  const observer = observe(run, part, watch, failure => {
    refusal = failure
  })
  try {
    const result = await run.source.migrate(
      {
        tenant: run.tenant,
        from,
        steps: part,
        transactional: part.every(step => step.transactional),
        ...run.limits,
        gid: run.gid ?? null,
        isOnCopy: true,
        ...(run.trace ? { trace: run.trace } : {}),
      },
      observer,
      signal,
    )
    return result.status === 'finished' ? null : (refusal ?? result.failure)
  } catch (error) {
    return toFailure(error)
  } finally {
    await watch?.stop()
  }
}

function observe(
  run: StepRun,
  part: readonly PlannedStep[],
  watch: CancelWatch | null,
  refuse: (failure: Failure) => void,
): MigrateObserver {
  const told = run.observe?.(part) ?? {}
  return {
    ...told,
    async started(facts) {
      watch?.watch(run.cancel?.server ?? '', facts.backendPid)
      await told.started?.(facts)
    },
    async statement(facts) {
      await told.statement?.(facts)
    },
    async revisionApplied(revision) {
      await told.revisionApplied?.(revision)
    },
    async readyToVote(inspection, trace) {
      const failure = run.inspect?.(inspection, part, trace) ?? null
      if (failure === null) return 'finish'
      refuse(failure)
      return 'rollback'
    },
  }
}
