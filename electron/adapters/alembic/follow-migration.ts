import { type Failure, LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import type { Inspection } from '../../engine/ports/inspection.ts'
import type { MigrateObserver, MigrateRequest, MigrateResult } from '../../engine/ports/migration-source.ts'
import type { SqlParser } from '../../engine/ports/sql-parser.ts'
import { makesSameIndex } from '../../sql/makes-same-index.ts'
import type { InspectionQueries } from './alembic-options.ts'
import type { Recorded } from './replay/replay-classes.ts'
import type { RunnerConnection, RunnerTask } from './runner-connection.ts'
import { migrateSchema, type RunnerProgress } from './runner-messages.ts'

/** After a stop, user code that waits for something other than the database gets this long. */
const graceMs = 10_000

/** After a stop, the answer to a vote or a commit that is under way is waited for so long; then it is looked up. */
const answerGraceMs = 30_000

/** What a migration is driven with. */
export interface FollowedMigration {
  readonly request: MigrateRequest
  readonly observer: MigrateObserver
  readonly task: Omit<RunnerTask, 'onProgress'>
  readonly inspection: InspectionQueries | null
  readonly parser: Pick<SqlParser, 'parse'> | null
  /** Takes what was recorded, where that was asked for. */
  readonly onRecorded?: ((recorded: Recorded) => Promise<void>) | undefined
}

/** Where a migration stands, as far as this side knows. */
interface Progress {
  hasStarted: boolean
  /** From here on a lost answer means that the outcome is unknown. */
  isToldToFinish: boolean
  xid: string | null
  /** What the observer threw. */
  observerFailure: Failure | null
}

/** Follows one migration on one runner and says what is certain about its end. */
export async function followMigration(
  worker: RunnerConnection,
  drive: FollowedMigration,
  signal: AbortSignal,
): Promise<MigrateResult> {
  const progress: Progress = { hasStarted: false, isToldToFinish: false, xid: null, observerFailure: null }
  const stopWatching = killOnAbort(worker, progress, signal)
  try {
    const onProgress = (message: RunnerProgress) => answerProgress(message, drive, progress, signal)
    const result = migrateSchema.parse(await worker.run({ ...drive.task, onProgress }))
    return result.status === 'rolled_back'
      ? { ...result, failure: explain(result.failure, progress, signal) }
      : result
  } catch (error) {
    const failure = explain(toFailure(error), progress, signal)
    const isLost = progress.isToldToFinish || (progress.hasStarted && !drive.request.transactional)
    return isLost ? { status: 'unknown', failure, xid: progress.xid } : { status: 'rolled_back', failure }
  } finally {
    stopWatching()
  }
}

async function answerProgress(
  message: RunnerProgress,
  { observer, inspection, request, parser, onRecorded }: FollowedMigration,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ readonly answer: string } | null> {
  switch (message.type) {
    case 'started':
      progress.hasStarted = true
      progress.xid = message.xid
      await observer.started({
        backendPid: message.backendPid,
        xid: message.xid,
        ...(message.trace && { trace: message.trace }),
      })
      return { answer: 'go' }
    case 'guarded':
      return { answer: (await observer.guarded?.(message.rows)) ?? 'rollback' }
    case 'existing_index':
      return {
        answer: parser && (await makesSameIndex(parser, message.sql, message.definition)) ? 'skip' : 'run',
      }
    case 'coming': {
      const { revision, index, sql } = message
      await observer.aboutToRun?.({ revision, index, sql })
      return { answer: 'go' }
    }
    case 'statement': {
      const { revision, index, sql, rowCount, durationMs, line, trace, traceBefore } = message
      const telling = observer.statement({
        ...{ revision, index, sql, rowCount, durationMs },
        ...(line !== undefined && { line }),
        ...(trace && { trace }),
        ...(traceBefore && { traceBefore }),
      })
      if (!trace) return telling.then(() => null)
      // A runner that traces waits, so that the statement's locks are still there while the observer looks.
      return { answer: await askToGoOn(telling, progress) }
    }
    case 'revision':
      await observer.revisionApplied(message.revision)
      return null
    case 'recorded':
      await onRecorded?.(message)
      return null
    case 'ready': {
      const { xid, heads, rows, trace } = message
      const seen = (): Inspection | null =>
        inspection ? { ...inspection.parse(rows, request.tenant), xid, heads } : null
      const answer = await askForVote(() => observer.readyToVote(seen(), trace), progress, signal)
      progress.isToldToFinish = answer === 'finish'
      return { answer }
    }
    default:
      return assertNever(message)
  }
}

/** What an observer refuses is undone by the runner in an orderly way, and is why the migration ends. */
async function askToGoOn(telling: Promise<void>, progress: Progress): Promise<'go' | 'stop'> {
  try {
    await telling
    return 'go'
  } catch (error) {
    progress.observerFailure = toFailure(error)
    return 'stop'
  }
}

/** A vote that cannot be asked for is a no, given in an orderly way: the runner stays usable. */
async function askForVote(
  ask: () => Promise<'finish' | 'rollback'>,
  progress: Progress,
  signal: AbortSignal,
): Promise<'finish' | 'rollback'> {
  try {
    const answer = await ask()
    return signal.aborted ? 'rollback' : answer
  } catch (error) {
    progress.observerFailure = toFailure(error)
    return 'rollback'
  }
}

/** The caller that stops it cancels the statement over another connection; this ends what no cancel can reach. */
function killOnAbort(worker: RunnerConnection, progress: Progress, signal: AbortSignal): () => void {
  const timers: NodeJS.Timeout[] = []
  const kill = (): void => worker.kill()
  const stop = (): void => {
    if (!progress.hasStarted) {
      kill()
      return
    }
    const killUnlessTold = (): void => {
      if (!progress.isToldToFinish) kill()
    }
    // Where the network swallows everything, neither the answer nor a cancel ever comes.
    timers.push(setTimeout(killUnlessTold, graceMs), setTimeout(kill, answerGraceMs))
  }
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  return () => {
    signal.removeEventListener('abort', stop)
    for (const timer of timers) clearTimeout(timer)
  }
}

function explain(failure: Failure, progress: Progress, signal: AbortSignal): Failure {
  if (progress.observerFailure) return progress.observerFailure
  const isOurs = failure.kind === 'cancelled' || failure.kind === 'worker_died'
  const isCancel = isOurs || ('sqlstate' in failure && failure.sqlstate === '57014')
  return signal.aborted && isCancel ? abortFailure(signal) : failure
}

/** What an aborted signal was aborted for. */
export function abortFailure(signal: AbortSignal): Failure {
  const { reason } = signal
  return reason instanceof LockstepError ? reason.failure : { kind: 'cancelled', reason: 'asked to stop' }
}
