import { type Failure, LockstepError, toFailure } from '../../../../shared/failure/failure.ts'
import type {
  MigrateObserver,
  MigrateRequest,
  MigrateResult,
} from '../../../engine/ports/migration-source.ts'
import { finishTransaction, proveSameTransaction } from '../../../transactions/finish-transaction.ts'
import { askGuard, guardRefusal, inspect } from '../../../transactions/look-inside.ts'
import { setLimits } from '../../../transactions/session-state.ts'
import {
  type InspectionReader,
  type OpenPipelinedSession,
  type PipelinedSession,
  withSession,
} from '../../../transactions/sql-session.ts'
import { becomeRecorded, findDifference } from './recorded-session.ts'
import type { RecordedPart } from './recording.ts'
import { describeReplayFailure } from './replay-failure.ts'
import { type PreparedRecording, sendParts } from './send-parts.ts'

/** One tenant's replay, and what it needs. */
export interface Replay {
  readonly request: MigrateRequest
  readonly prepared: PreparedRecording
  readonly openSession: OpenPipelinedSession
  readonly inspection: InspectionReader
  readonly observer: MigrateObserver
  readonly signal: AbortSignal
  /** What an aborted signal was aborted for. */
  abortFailure(signal: AbortSignal): Failure
}

/** A replay that came to an end, or why the tenant has to run in Python: then nothing was done yet. */
export type ReplayEnd =
  | { readonly way: 'replayed'; readonly result: MigrateResult }
  | { readonly way: 'unfit'; readonly reason: string }

interface Standing {
  /** Once the revisions are about to run, an error is the migration's own. */
  hasBegun: boolean
  part: RecordedPart | null
}

interface Work extends Replay {
  readonly session: PipelinedSession
  readonly standing: Standing
}

/** Sends a tenant what was recorded for all that begin as it does; never throws. */
export async function replayMigration(replay: Replay): Promise<ReplayEnd> {
  const { request, openSession, signal } = replay
  const standing: Standing = { hasBegun: false, part: null }
  try {
    return await withSession(
      openSession,
      request.tenant,
      session => runOrUndo({ ...replay, session, standing }),
      signal,
    )
  } catch (error) {
    const failure = explain(error, replay, standing)
    if (standing.hasBegun || signal.aborted)
      return { way: 'replayed', result: { status: 'rolled_back', failure } }
    return { way: 'unfit', reason: 'no session like the recorded one could be had' }
  }
}

function explain(error: unknown, replay: Replay, { part }: Standing): Failure {
  const { request, signal } = replay
  const failure = toFailure(error)
  const isCancel =
    failure.kind === 'cancelled' || (failure.kind === 'database_error' && failure.sqlstate === '57014')
  if (signal.aborted && isCancel) return replay.abortFailure(signal)
  const revision = request.steps[0]?.revision ?? ''
  return describeReplayFailure(error, { tenant: request.tenant.name, revision, part })
}

async function runOrUndo(work: Work): Promise<ReplayEnd> {
  try {
    return await run(work)
  } catch (error) {
    // The end of the session does the same; said aloud, the locks are gone when this returns.
    await work.session.query('rollback').catch(() => undefined)
    throw error
  }
}

async function run(work: Work): Promise<ReplayEnd> {
  const { session, request, observer, prepared, standing } = work
  const { start } = prepared.recording
  await session.query('begin isolation level read committed')
  await becomeRecorded(session, start)
  const isGuarded = await setLimits(session, request, 'transaction')
  const difference =
    isGuarded === start.isGuarded ? await findDifference(session, start) : 'its policies are others'
  if (difference !== null) {
    await session.query('rollback')
    return { way: 'unfit', reason: difference }
  }
  const { rows } = await session.query('select pg_current_xact_id()::text as xid')
  const xid = String(rows[0]?.xid)
  standing.hasBegun = true
  if (start.hasVersionTable)
    await session.query(`lock table ${start.versionTable} in share row exclusive mode`)
  refuseMoved(work, start.hasVersionTable ? await readHeads(work) : [])
  await observer.started({ backendPid: session.backendPid, xid })
  if ((await askGuard(work)) === 'rollback') return await giveUp(work, guardRefusal)
  await sendParts(session, prepared, observer, part => {
    standing.part = part
  })
  return await vote(work, xid)
}

function refuseMoved({ request }: Work, heads: readonly string[]): void {
  const expected = [...request.from].sort()
  if (heads.join() === expected.join()) return
  const [found, planned] = [heads, expected].map(names => names.join(', ') || 'nothing')
  throw new LockstepError({
    kind: 'migration_failed',
    tenant: request.tenant.name,
    revision: request.steps[0]?.revision ?? '',
    message: `the version table holds ${found}, and the plan begins at ${planned}`,
  })
}

async function readHeads({ session, prepared }: Work): Promise<readonly string[]> {
  const { rows } = await session.query(
    `select version_num::text from ${prepared.recording.start.versionTable}`,
  )
  return rows.map(row => String(row.version_num)).sort()
}

async function vote(work: Work, xid: string): Promise<ReplayEnd> {
  const { session, request, observer, standing } = work
  const last = request.steps.at(-1)?.revision ?? ''
  // The last revision is where a failure of the checks at the end belongs, and no statement of it.
  standing.part = { revision: last, applied: false, statement: null, shown: null, wires: [] }
  // What is checked at the end is checked as the role that wrote it, and with its rights.
  await session.query('set constraints all immediate')
  const heads = await readHeads(work)
  const inspection = await inspect(work)
  // Whoever prepares a transaction owns it, and only its owner may finish it.
  await session.query('reset session authorization')
  await session.query('set role none')
  await proveSameTransaction(work, xid)
  if ((await observer.readyToVote({ ...inspection, xid, heads })) === 'rollback' || work.signal.aborted)
    return await giveUp(work, { kind: 'cancelled', reason: 'the vote was no' })
  return { way: 'replayed', result: await finishTransaction(work, xid) }
}

async function giveUp({ session, signal, ...work }: Work, failure: Failure): Promise<ReplayEnd> {
  await session.query('rollback').catch(() => undefined)
  const told = signal.aborted ? work.abortFailure(signal) : failure
  return { way: 'replayed', result: { status: 'rolled_back', failure: told } }
}
