import type { Failure } from '../../../../shared/failure/failure.ts'
import type { ReplayJudgement } from '../../../../shared/plan/replay-judgement.ts'
import type {
  MigrateObserver,
  MigrateRequest,
  MigrateResult,
} from '../../../engine/ports/migration-source.ts'
import type { SqlParser } from '../../../engine/ports/sql-parser.ts'
import type { InspectionReader, OpenPipelinedSession } from '../../../transactions/sql-session.ts'
import { type Recorded, type RecordingTurn, ReplayClasses, type ReplayVerdict } from './replay-classes.ts'
import { replayMigration } from './replay-migration.ts'
import { type PreparedRecording, prepareRecording } from './send-parts.ts'

/** What a replay needs of the world. */
export interface ReplayOptions {
  readonly openSession: OpenPipelinedSession
  readonly inspection: InspectionReader
  readonly parser: Pick<SqlParser, 'describe'>
  abortFailure(signal: AbortSignal): Failure
}

/** One migration, and how Alembic would run it. */
export interface ReplayedMigration {
  readonly request: MigrateRequest
  /** Which revisions policies may hide rows from: they are a part of what has to be alike. */
  readonly accepted: readonly string[]
  readonly observer: MigrateObserver
  readonly signal: AbortSignal
  /** With a function that takes the recording, what is sent is recorded. */
  runInPython(onRecorded: ((recorded: Recorded) => Promise<void>) | null): Promise<MigrateResult>
}

/** Migrates by what was recorded for tenants that begin alike, and in Python where that cannot be. */
export function createReplayer(
  options: ReplayOptions,
): (migration: ReplayedMigration) => Promise<MigrateResult> {
  const classes = new ReplayClasses()
  const prepared = new WeakMap<object, Promise<PreparedRecording>>()
  const prepare = (verdict: ReplayVerdict & { way: 'replay' }): Promise<PreparedRecording> => {
    const known = prepared.get(verdict.recording) ?? prepareRecording(verdict.recording, options.parser)
    prepared.set(verdict.recording, known)
    return known
  }
  return async migration => {
    const { request, observer, signal } = migration
    const key = findClass(migration)
    if (key === null) return migration.runInPython(null)
    const turn = await classes.enter(key, signal)
    switch (turn.way) {
      case 'python':
        return migration.runInPython(null)
      case 'record':
        return record(turn, migration)
      case 'replay': {
        const end = await replayMigration({
          ...options,
          ...{ request, observer, signal },
          prepared: await prepare(turn),
        })
        if (end.way === 'replayed') return end.result
        await observer.replayJudged?.({ ...judgeAll(request, []), covers: 'tenant', difference: end.reason })
        return migration.runInPython(null)
      }
    }
  }
}

async function record(turn: RecordingTurn, { request, observer, runInPython }: ReplayedMigration) {
  try {
    return await runInPython(async recorded => {
      const verdict = turn.take(recorded)
      if (!verdict) return
      const reasons = verdict.way === 'python' ? verdict.reasons : []
      await observer.replayJudged?.({ ...judgeAll(request, reasons), covers: 'class', difference: '' })
    })
  } finally {
    turn.end()
  }
}

/** What tenants have in common that can be sent the same; null where nothing is known, or nothing can be recorded. */
function findClass({ request, accepted }: ReplayedMigration): string | null {
  const { tenant, from, steps, startsAs } = request
  const isPlain = request.transactional && !request.trace && !request.isOnCopy && !request.probeAfter
  // A tenant that is a schema has its own name in the statements of the version table.
  if (!isPlain || startsAs === undefined || tenant.schema !== undefined) return null
  const isOneLine = from.length <= 1 && steps.every(step => step.headsAfter.length <= 1)
  if (!isOneLine) return null
  const way = steps.map(step => [step.revision, step.checksum, step.direction ?? 'up'])
  return JSON.stringify([tenant.cluster, startsAs, tenant.appRole !== null, from, way, accepted])
}

function judgeAll(
  { steps }: MigrateRequest,
  reasons: readonly { readonly revision: string; readonly reason: string; readonly line?: number }[],
): Pick<ReplayJudgement, 'revisions'> {
  return {
    revisions: steps.map(({ revision }) => {
      const found = reasons.find(one => one.revision === revision)
      return found
        ? { revision, reason: found.reason, ...(found.line === undefined ? {} : { line: found.line }) }
        : { revision, reason: '' }
    }),
  }
}
