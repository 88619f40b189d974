import { LockstepError } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { MigrateObserver, MigrateRequest, VersionTable } from '../../engine/ports/migration-source.ts'
import type { SqlParser } from '../../engine/ports/sql-parser.ts'
import { throwIfAborted } from '../../lib/throw-if-aborted.ts'
import type { InspectionReader, SqlSession } from '../../transactions/sql-session.ts'
import { compareApplied, headsOf } from './compare-applied.ts'
import type { Activity } from './map-failure.ts'
import type { FileRevision } from './read-folder.ts'
import type { Script } from './read-script.ts'
import { createRowGuard } from './row-guard.ts'
import { runStatement } from './run-statement.ts'
import { type AppliedRevision, deleteApplied, insertApplied } from './version-table.ts'

/** One step with its file, ready to run. */
export interface FileStep {
  readonly step: PlannedStep
  readonly revision: FileRevision
  readonly direction: 'up' | 'down'
  readonly script: Script
  /** Whether policies may hide rows from it. */
  readonly isAccepted: boolean
}

/** Everything that one migration of one tenant works with. */
export interface MigrationWork {
  readonly request: MigrateRequest
  readonly steps: readonly FileStep[]
  readonly revisions: readonly FileRevision[]
  readonly table: VersionTable
  readonly inspection: InspectionReader
  readonly parser: Pick<SqlParser, 'parse'>
  readonly session: SqlSession
  readonly observer: MigrateObserver
  readonly signal: AbortSignal
  /** Lends another session, which a stop does not end: what cannot be undone is brought to its end all the same. */
  afresh<Result>(use: (session: SqlSession) => Promise<Result>): Promise<Result>
  /** Called before each thing that is done, so that an error is reported at its place. */
  note(activity: Activity): void
}

/** Refuses a tenant that does not stand where the plan starts. */
export function refuseMoved(
  work: MigrationWork,
  applied: readonly AppliedRevision[],
  from: readonly string[],
): void {
  const { name } = work.request.tenant
  const edited = compareApplied(name, applied, work.revisions)
  if (edited) throw new LockstepError(edited)
  const heads = headsOf(applied)
  if (heads.join() === from.join()) return
  throw new LockstepError({
    kind: 'migration_failed',
    tenant: name,
    revision: work.steps[0]?.step.revision ?? '',
    message: `the tenant is at ${heads.join() || 'no revision'}, and the plan starts from ${from.join() || 'none'}`,
  })
}

/** Runs the statements of one step and tells the observer of each; true where no more were wanted. */
export async function runStatements(
  work: MigrationWork & { readonly isGuarded: boolean },
  { step, script, isAccepted }: FileStep,
  around: (index: number, run: () => Promise<void>) => Promise<void> = (_index, run) => run(),
): Promise<boolean> {
  const earlier = countBefore(work, step)
  const guard = createRowGuard(work.session, {
    isGuarded: work.isGuarded,
    isAccepted,
    isLocal: script.way !== 'outside',
  })
  for (const [index, statement] of script.statements.entries()) {
    refuseCancelled(work.signal)
    work.note({ tenant: work.request.tenant.name, revision: step.revision, file: step.file, statement })
    await guard(statement.sql)
    await around(index, () => runStatement(work, script, { revision: step.revision, index, statement }))
    if (earlier + index + 1 === work.request.probeAfter) return true
  }
  work.note({ tenant: work.request.tenant.name, revision: step.revision, file: step.file })
  return false
}

/** Statements of the steps before this one. */
function countBefore({ steps }: MigrationWork, step: PlannedStep): number {
  const place = steps.findIndex(one => one.step === step)
  return steps.slice(0, place).reduce((sum, { script }) => sum + script.statements.length, 0)
}

/** Writes the step into the version table; anything but one row is a failure. */
export async function recordStep(
  work: MigrationWork,
  { step, revision, direction }: FileStep,
): Promise<void> {
  const changed =
    direction === 'up'
      ? await insertApplied(work.session, work.table, {
          revision: revision.revision,
          name: revision.name,
          checksum: revision.up.checksum,
        })
      : await deleteApplied(work.session, work.table, revision.revision)
  if (changed === 1) return
  throw new LockstepError({
    kind: 'migration_failed',
    tenant: work.request.tenant.name,
    revision: step.revision,
    message: `writing the version table changed ${changed ?? 'no'} rows instead of one`,
  })
}

/** Stops between two statements when a stop was asked for. */
export function refuseCancelled(signal: AbortSignal): void {
  throwIfAborted(signal)
}
