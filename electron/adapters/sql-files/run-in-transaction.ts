import { LockstepError } from '../../../shared/failure/failure.ts'
import type { MigrateResult } from '../../engine/ports/migration-source.ts'
import { quoteLiteral } from '../../sql/quote-identifier.ts'
import { finishTransaction, proveSameTransaction } from '../../transactions/finish-transaction.ts'
import { askGuard, guardRefusal, inspect } from '../../transactions/look-inside.ts'
import {
  readSessionSettings,
  restoreSettings,
  runDeferredChecks,
  type SessionSettings,
  setLimits,
} from '../../transactions/session-state.ts'
import { headsOf } from './compare-applied.ts'
import {
  type MigrationWork,
  recordStep,
  refuseCancelled,
  refuseMoved,
  runStatements,
} from './migration-work.ts'
import { repeatedQueries, traceInside } from './trace-session.ts'
import { lockVersionTable, readApplied } from './version-table.ts'

/**
 * Runs all steps in one transaction, up to the vote.
 *
 * Throws for everything before the last word; the session's end then rolls back. The last word itself never throws:
 * when its answer is lost, only the database knows what happened, and the result says `unknown`.
 */
export async function runInTransaction(work: MigrationWork): Promise<MigrateResult> {
  const { session, request, observer, signal } = work
  refuseCancelled(signal)
  await session.query('begin isolation level read committed read write')
  const isGuarded = await setLimits(session, request, 'transaction')
  const xid = await begin(work)
  const { trace: queries } = request
  const trace = queries && { trace: await traceInside(session, queries) }
  await observer.started({ backendPid: session.backendPid, xid, ...trace })
  refuseMoved(work, await lockVersionTable(session, work.table), request.from)
  if ((await askGuard(work)) === 'rollback') {
    await session.query('rollback')
    return { status: 'rolled_back', failure: guardRefusal }
  }
  const settings = await readSessionSettings(session)
  for (const step of work.steps) {
    const probed = await runStatements({ ...work, isGuarded }, step)
    if (probed) return probe(work, settings, xid)
    // As the role of the file, and with its search path: the checks are a part of what it does.
    await runDeferredChecks(session)
    await restoreSettings(session, settings)
    await recordStep(work, step)
    await observer.revisionApplied(step.step.revision)
  }
  const inspection = await inspect(work)
  const heads = headsOf(await readApplied(session, work.table))
  await proveSameTransaction(work, xid)
  const last = queries && (await traceInside(session, repeatedQueries(queries)))
  if ((await observer.readyToVote({ ...inspection, xid, heads }, last)) === 'rollback') {
    await session.query('rollback')
    return { status: 'rolled_back', failure: { kind: 'cancelled', reason: 'the vote was no' } }
  }
  return finishTransaction(work, xid)
}

async function begin(work: MigrationWork): Promise<string> {
  const { rows } = await work.session.query(
    'select pg_current_xact_id()::text as xid, current_database() as database',
  )
  const { name, database } = work.request.tenant
  if (rows[0]?.database !== database) {
    const actual = String(rows[0]?.database)
    throw new LockstepError({ kind: 'wrong_database', tenant: name, expected: database, actual })
  }
  return String(rows[0]?.xid)
}

/** Tries whether what ran so far could vote, and takes it back. */
async function probe(work: MigrationWork, settings: SessionSettings, xid: string): Promise<MigrateResult> {
  const { gid } = work.request
  await restoreSettings(work.session, settings)
  const result = await finishTransaction(work, xid)
  if (result.status !== 'finished' || gid === null) return result
  await work.session.query(`rollback prepared ${quoteLiteral(gid)}`)
  return { status: 'rolled_back', failure: { kind: 'cancelled', reason: 'only tried' } }
}
