import type { RehearsedVote, TracedStatement } from '../../../shared/analysis/rehearsal.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import { shortenText } from '../../../shared/text/plain-words.ts'
import { nameFailure } from '../checks/name-failure.ts'
import type { MigrateObserver } from '../ports/migration-source.ts'
import type { Shadow } from '../ports/shadows.ts'
import type { RehearsalContext } from './rehearsal-context.ts'
import type { StepRun } from './run-steps.ts'
import { runTraced } from './run-traced.ts'

/** What trying to vote on a copy has shown; nothing of it stays. */
export interface VoteTrial {
  /** Why the steps themselves fail; null when they ran. */
  readonly failure: Failure | null
  readonly statements: readonly TracedStatement[]
  readonly vote: RehearsedVote
  /** In which the transaction would have ended; null when it did not come so far. */
  readonly endFingerprint: string | null
}

type Way = Pick<StepRun, 'from' | 'steps'> & { readonly inspect: NonNullable<StepRun['inspect']> }

/**
 * Runs the steps that vote on a copy as a run does: in one transaction that is prepared, and then rolled back.
 *
 * Where the server has no room for prepared transactions it still refuses most of what it never prepares, before it
 * says so.
 */
export async function tryVote(
  context: RehearsalContext,
  shadow: Shadow,
  way: Way,
  signal: AbortSignal,
): Promise<VoteTrial> {
  const gid = gidOf(shadow)
  let endFingerprint: string | null = null
  const inspect: Way['inspect'] = (inspection, part, trace) => {
    const refusal = way.inspect(inspection, part, trace)
    if (refusal === null) endFingerprint = inspection?.fingerprint ?? ''
    return refusal
  }
  const { failure, statements } = await runTraced(context, shadow, { ...way, inspect, gid }, signal)
  const tried = { statements, endFingerprint }
  if (failure === null) {
    await rollBack(context, shadow, gid, signal)
    return { ...tried, failure: null, vote: { verdict: 'prepared', evidence: [] } }
  }
  // Who migrates each tenant by itself commits as the role that it is.
  if (failure.kind === 'vote_unfinishable') {
    return { ...tried, failure: null, vote: { verdict: 'refused', evidence: [nameFailure(failure)] } }
  }
  const answer = endFingerprint === null ? null : readAnswer(failure)
  switch (answer) {
    case null:
      return { ...tried, failure, vote: { verdict: 'unknown', evidence: [] } }
    case 'no_room':
      return { ...tried, failure: null, vote: { verdict: 'unknown', evidence: [noRoom] } }
    case 'refused': {
      const said = 'message' in failure ? failure.message : nameFailure(failure)
      const culprit = await findCulprit(context, shadow, way, statements, signal)
      return { ...tried, failure: null, vote: { verdict: 'refused', evidence: [said, ...culprit] } }
    }
  }
}

const noRoom =
  'the server has no room for prepared transactions (max_prepared_transactions), so the vote itself could not be tried: whether a statement notifies, or holds a lock for session and transaction at once, is unknown'

/** What the server said to PREPARE TRANSACTION; null where its answer is about something else. */
function readAnswer(failure: Failure): 'refused' | 'no_room' | null {
  const sqlstate = 'sqlstate' in failure ? failure.sqlstate : undefined
  // 0A000 for what it never prepares; 55000 where it is switched off, 53200 where every slot is taken.
  if (sqlstate === '0A000') return 'refused'
  return sqlstate === '55000' || sqlstate === '53200' ? 'no_room' : null
}

/** No identifier of a run: those that look for open votes leave it alone. */
function gidOf({ tenant }: Shadow): string {
  return `lockstep rehearsal ${tenant.database}`.slice(0, 190)
}

async function rollBack(
  { ports }: RehearsalContext,
  { server, tenant }: Shadow,
  gid: string,
  signal: AbortSignal,
): Promise<void> {
  const preparedSession = await ports.prepared.openSession(server, tenant, signal)
  try {
    await preparedSession.rollback(gid)
  } finally {
    await preparedSession.close()
  }
}

/** Names the first statement after which the transaction can no longer be prepared, by trying shorter and shorter ways. */
async function findCulprit(
  context: RehearsalContext,
  shadow: Shadow,
  way: Way,
  statements: readonly TracedStatement[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  let good = 0
  let bad = statements.length
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    const answer = await probe(context, shadow, way, middle, signal)
    if (answer === 'refused') bad = middle
    else if (answer === 'prepared') good = middle
    else return []
  }
  const statement = statements[bad - 1]
  if (!statement) return []
  const { revision, line, sql } = statement
  return [`revision ${revision}${line === undefined ? '' : `, line ${line}`}: ${shortenText(sql, 120)}`]
}

async function probe(
  { ports, config }: RehearsalContext,
  shadow: Shadow,
  { from, steps }: Way,
  probeAfter: number,
  signal: AbortSignal,
): Promise<'prepared' | 'refused' | 'unclear'> {
  const result = await ports.source.migrate(
    {
      tenant: shadow.tenant,
      from,
      steps,
      transactional: true,
      lockTimeoutMs: config.execution.lockTimeoutSeconds * 1_000,
      statementTimeoutMs: config.execution.statementTimeoutSeconds * 1_000,
      gid: gidOf(shadow),
      probeAfter,
    },
    silent,
    signal,
  )
  if (result.status === 'finished') return 'unclear'
  const { failure } = result
  if (failure.kind === 'cancelled' && !signal.aborted) return 'prepared'
  const answer = readAnswer(failure)
  if (answer === null) return 'unclear'
  // Where there is no room, everything that it never prepares has been refused before.
  return answer === 'refused' ? 'refused' : 'prepared'
}

/** Nothing of a part of a way is worth telling, and nothing of it may stay. */
const silent: MigrateObserver = {
  started: async () => undefined,
  statement: async () => undefined,
  revisionApplied: async () => undefined,
  readyToVote: async () => 'rollback',
}
