import { LockstepError } from '../../../shared/failure/failure.ts'
import type { MigrateResult } from '../../engine/ports/migration-source.ts'
import { askGuard, guardRefusal, inspect } from '../../transactions/look-inside.ts'
import { setLimits } from '../../transactions/session-state.ts'
import { headsOf } from './compare-applied.ts'
import { withConcurrentIndex } from './concurrent-index.ts'
import {
  type FileStep,
  type MigrationWork,
  recordStep,
  refuseCancelled,
  refuseMoved,
  runStatements,
} from './migration-work.ts'
import { traceOutside } from './trace-session.ts'
import { lockVersionTable, readApplied } from './version-table.ts'

/**
 * Runs one file statement by statement, each committed by itself, and looks at the result afterwards.
 *
 * What has run stays, whatever comes later: the file is noted as applied only when all of it ran, and is run again
 * from its beginning otherwise.
 */
export async function runOutside(work: MigrationWork, step: FileStep): Promise<MigrateResult> {
  const { session, request, observer } = work
  refuseCancelled(work.signal)
  const isGuarded = await setLimits(session, request, 'session')
  await proveDatabase(work)
  const { trace: queries } = request
  const trace = queries && { trace: await traceOutside(session, queries) }
  await observer.started({ backendPid: session.backendPid, xid: null, ...trace })
  refuseMoved(work, await readApplied(session, work.table), request.from)
  if ((await askGuardOutside(work)) === 'rollback') return { status: 'rolled_back', failure: guardRefusal }
  await runStatements({ ...work, isGuarded }, step, (index, run) =>
    withConcurrentIndex(work, step.script.statements[index], run),
  )
  // From here on a stop comes too late: what has run cannot be undone, and unnoted it would be run again.
  return work.afresh(async fresh => {
    const finishing = { ...work, session: fresh }
    await setLimits(fresh, request, 'session')
    await record(finishing, step)
    await observer.revisionApplied(step.step.revision)
    return look(finishing)
  })
}

/** Nothing is locked while the statements run: this only shows what was there right before them. */
async function askGuardOutside(work: MigrationWork): Promise<'go' | 'rollback'> {
  if (!work.request.guard?.length) return 'go'
  await work.session.query('begin isolation level read committed')
  const answer = await askGuard(work)
  await work.session.query('rollback')
  return answer
}

async function proveDatabase(work: MigrationWork): Promise<void> {
  const { name, database } = work.request.tenant
  const { rows } = await work.session.query('select current_database() as database')
  const actual = String(rows[0]?.database)
  if (actual !== database)
    throw new LockstepError({ kind: 'wrong_database', tenant: name, expected: database, actual })
}

async function record(work: MigrationWork, step: FileStep): Promise<void> {
  await work.session.query('begin isolation level read committed read write')
  refuseMoved(work, await lockVersionTable(work.session, work.table), work.request.from)
  await recordStep(work, step)
  await work.session.query('commit')
}

async function look(work: MigrationWork): Promise<MigrateResult> {
  await work.session.query('begin isolation level read committed')
  const inspection = await inspect(work)
  const heads = headsOf(await readApplied(work.session, work.table))
  await work.session.query('rollback')
  const answer = await work.observer.readyToVote({ ...inspection, xid: null, heads })
  if (answer === 'finish') return { status: 'finished', xid: null }
  return { status: 'rolled_back', failure: { kind: 'cancelled', reason: 'the result was refused' } }
}
