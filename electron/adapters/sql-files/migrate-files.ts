import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type {
  MigrateObserver,
  MigrateRequest,
  MigrateResult,
  VersionTable,
} from '../../engine/ports/migration-source.ts'
import type { SqlParser } from '../../engine/ports/sql-parser.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { type InspectionReader, type OpenSqlSession, withSession } from '../../transactions/sql-session.ts'
import { type Activity, describeMigrationError } from './map-failure.ts'
import type { FileStep, MigrationWork } from './migration-work.ts'
import type { FileRevision } from './read-folder.ts'
import { readScript } from './read-script.ts'
import { runInTransaction } from './run-in-transaction.ts'
import { runOutside } from './run-outside.ts'

/** How long noting what has run, and removing what broke off, may take after a stop. */
const finishingMs = 30_000

/** One tenant's migration, and what it needs. */
export interface FileMigration {
  readonly request: MigrateRequest
  readonly revisions: () => Promise<readonly FileRevision[]>
  readonly table: VersionTable
  readonly parser: SqlParser
  readonly acceptsHiddenRows: (step: PlannedStep) => boolean
  readonly inspection: InspectionReader
  readonly openSession: OpenSqlSession
  readonly observer: MigrateObserver
  readonly signal: AbortSignal
}

/** Runs planned steps on one tenant; never throws, whatever happens is in the result. */
export async function migrateFiles(migration: FileMigration): Promise<MigrateResult> {
  const { request, table, inspection, parser, observer, signal } = migration
  let activity: Activity = { tenant: request.tenant.name, revision: request.steps[0]?.revision ?? '' }
  const note = (next: Activity): void => {
    activity = next
  }
  try {
    const revisions = await migration.revisions()
    const steps = await Promise.all(request.steps.map(step => prepareStep(step, revisions, migration)))
    const run = chooseWay(request, steps)
    const { openSession } = migration
    const afresh: MigrationWork['afresh'] = use =>
      withSession(openSession, request.tenant, use, deadlineSignal(finishingMs))
    const work = { request, steps, revisions, table, inspection, parser, observer, signal, note, afresh }
    return await withSession(
      openSession,
      request.tenant,
      session => runOrUndo(run, { ...work, session }),
      signal,
    )
  } catch (error) {
    return endWith(describeMigrationError(error, activity, signal), request)
  }
}

/** Finds the file of a step, which must be the one that was planned. */
async function prepareStep(
  step: PlannedStep,
  revisions: readonly FileRevision[],
  { request, parser, acceptsHiddenRows }: FileMigration,
): Promise<FileStep> {
  const tenant = request.tenant.name
  const revision = revisions.find(candidate => candidate.revision === step.revision)
  if (!revision) throw new LockstepError({ kind: 'revision_unknown', tenant, revision: step.revision })
  const isDown = revision.down?.file === step.file
  const file = isDown && revision.down ? revision.down : revision.up
  if (file.checksum !== step.checksum) {
    throw new LockstepError({
      kind: 'migration_edited',
      file: file.file,
      revision: step.revision,
      tenant,
      recorded: step.checksum,
      found: file.checksum,
    })
  }
  const script = await readScript(file, parser)
  return { step, revision, direction: isDown ? 'down' : 'up', script, isAccepted: acceptsHiddenRows(step) }
}

type Run = (work: MigrationWork) => Promise<MigrateResult>

/** A file that runs outside a transaction comes alone, and nothing that cannot be prepared is run for a vote. */
function chooseWay(request: MigrateRequest, steps: readonly FileStep[]): Run {
  const misplaced = steps.find(
    ({ script }) =>
      (script.way === 'outside' && (steps.length > 1 || request.transactional)) ||
      (script.way === 'alone' && request.gid !== null),
  )
  if (misplaced) {
    throw new LockstepError({
      kind: 'not_transactional',
      tenant: request.tenant.name,
      revision: misplaced.step.revision,
      statement: misplaced.script.statements[0]?.sql ?? '',
      reason: misplaced.script.reason,
    })
  }
  const [first] = steps
  return first?.script.way === 'outside' ? work => runOutside(work, first) : runInTransaction
}

async function runOrUndo(run: Run, work: MigrationWork): Promise<MigrateResult> {
  try {
    return await run(work)
  } catch (error) {
    // The end of the session does the same; said aloud, the locks are gone when this returns.
    await work.session.query('rollback').catch(() => undefined)
    throw error
  }
}

function endWith(failure: Failure, request: MigrateRequest): MigrateResult {
  // A transaction that never came to its last word is gone with its session; a statement outside of one may have run.
  const isLost = failure.kind === 'connection_lost' && !request.transactional
  return isLost ? { status: 'unknown', failure, xid: null } : { status: 'rolled_back', failure }
}
