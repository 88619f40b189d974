import { type Failure, toFailure } from '../../shared/failure.ts'
import type { PlannedGroup, PlannedStep, PlannedTenant, Route } from '../../shared/plan.ts'
import { cancelOnAbort } from './cancel-on-abort.ts'
import { type ExpectedFingerprints, inspectVote } from './inspect-vote.ts'
import type { MigrateObserver, MigrateResult } from './ports/migration-source.ts'
import { redactSql } from './redact-sql.ts'
import { backoffMs, retryableState } from './retry-policy.ts'
import { type ExecutionContext, findTenant, primaryOf } from './run-context.ts'

/** One tenant's part of a group's work. */
export interface TenantJob {
  readonly group: PlannedGroup
  readonly planned: PlannedTenant
  readonly route: Route
  readonly from: readonly string[]
  readonly steps: readonly PlannedStep[]
  /** Heads that the version table must hold at the end. */
  readonly to: readonly string[]
  readonly transactional: boolean
  /** Null: commit at once. */
  readonly gid: string | null
  readonly fingerprints: ExpectedFingerprints
}

/** How one tenant voted; a yes is durable in the database. */
export interface Ballot {
  readonly planned: PlannedTenant
  readonly gid: string | null
  readonly xid: string | null
  /** `unsettled`: the database could not be asked whether the vote arrived. */
  readonly vote: 'yes' | 'no' | 'unsettled'
  readonly fingerprint: string | null
  readonly failure: Failure | null
}

interface Attempt {
  readonly result: MigrateResult
  readonly fingerprint: string | null
}

/** Runs one tenant up to its vote, with bounded retries of lost lock races, and records how it voted. */
export async function migrateTenant(
  context: ExecutionContext,
  job: TenantJob,
  stop: AbortController,
): Promise<Ballot> {
  const { recorder, clock, config } = context
  const subject = { group: job.group.name, tenant: job.planned.tenant }
  const startedAt = clock.monotonicMs()
  await recorder.record({ type: 'tenant.started', ...subject, from: job.from, to: job.to, volatile: {} })
  let attempt = await attemptMigration(context, job, stop)
  for (let count = 1; count <= config.execution.lockRetries && !stop.signal.aborted; count += 1) {
    const state = attempt.result.status === 'rolled_back' ? retryableState(attempt.result.failure) : null
    if (!state) break
    const delayMs = backoffMs(count, clock.random())
    await recorder.record({
      type: 'tenant.retried',
      ...subject,
      volatile: { attempt: count + 1, sqlstate: state, delayMs },
    })
    await clock.sleep(delayMs, stop.signal)
    if (!stop.signal.aborted) attempt = await attemptMigration(context, job, stop)
  }
  const ballot = await settleAttempt(context, job, attempt)
  const volatile = { xid: ballot.xid, gid: job.gid, durationMs: Math.round(clock.monotonicMs() - startedAt) }
  if (ballot.vote === 'unsettled' && ballot.failure) {
    await recorder.record({ type: 'tenant.unsettled', ...subject, failure: ballot.failure, volatile })
  } else {
    await recorder.record({
      type: 'tenant.voted',
      ...subject,
      vote: ballot.vote === 'yes' ? 'yes' : 'no',
      failure: ballot.failure,
      fingerprint: ballot.fingerprint,
      volatile,
    })
  }
  return ballot
}

async function attemptMigration(
  context: ExecutionContext,
  job: TenantJob,
  stop: AbortController,
): Promise<Attempt> {
  const { ports, topology, config } = context
  const tenant = findTenant(topology, job.planned.tenant)
  const cancel = cancelOnAbort(ports.sessions, stop.signal)
  const observed: Observed = { fingerprint: null, refusal: null, revisionAt: 0 }
  const observer = observeMigration(context, job, stop, observed, pid =>
    cancel.watch(primaryOf(topology, tenant), pid),
  )
  try {
    const result = await ports.source.migrate(
      {
        tenant,
        from: job.from,
        steps: job.steps,
        transactional: job.transactional,
        lockTimeoutMs: config.execution.lockTimeoutSeconds * 1_000,
        statementTimeoutMs: config.execution.statementTimeoutSeconds * 1_000,
        gid: job.gid,
      },
      observer,
      stop.signal,
    )
    const refused =
      result.status === 'rolled_back' && observed.refusal ? { ...result, failure: observed.refusal } : result
    return { result: refused, fingerprint: observed.fingerprint }
  } catch (error) {
    // Whether the vote arrived before the throw is looked up in the database, not assumed.
    return {
      result: { status: 'unknown', failure: toFailure(error), xid: null },
      fingerprint: observed.fingerprint,
    }
  } finally {
    await cancel.stop()
  }
}

/** What the observer learns on the way. */
interface Observed {
  fingerprint: string | null
  refusal: Failure | null
  revisionAt: number
}

function observeMigration(
  context: ExecutionContext,
  job: TenantJob,
  stop: AbortController,
  observed: Observed,
  watch: (backendPid: number) => void,
): MigrateObserver {
  const { recorder, clock } = context
  const subject = { group: job.group.name, tenant: job.planned.tenant }
  let xid: string | null = null
  return {
    async started(facts) {
      xid = facts.xid
      observed.revisionAt = clock.monotonicMs()
      watch(facts.backendPid)
    },
    async statement(facts) {
      await recorder.record({
        type: 'statement.executed',
        ...subject,
        revision: facts.revision,
        index: facts.index,
        sql: redactSql(facts.sql),
        volatile: { durationMs: Math.round(facts.durationMs * 10) / 10, rowCount: facts.rowCount },
      })
    },
    async revisionApplied(revision) {
      const now = clock.monotonicMs()
      const durationMs = Math.round(now - observed.revisionAt)
      observed.revisionAt = now
      await recorder.record({ type: 'revision.applied', ...subject, revision, volatile: { durationMs } })
    },
    async readyToVote(inspection) {
      if (stop.signal.aborted) return 'rollback'
      if (inspection) {
        observed.fingerprint = inspection.fingerprint
        observed.refusal = inspectVote(inspection, {
          tenant: job.planned.tenant,
          route: job.route,
          snapshot: context.snapshots.get(job.planned.tenant),
          expectedHeads: job.to,
          fingerprints: job.fingerprints,
          allowUnvalidated: context.config.execution.allowUnvalidated,
        })
        if (observed.refusal) return 'rollback'
      }
      await recorder.record({
        type: 'tenant.voting',
        ...subject,
        volatile: { gid: job.gid, xid: inspection?.xid ?? xid },
      })
      return 'finish'
    },
  }
}

/** Turns the result into a ballot; a lost answer is looked up in the database. */
async function settleAttempt(context: ExecutionContext, job: TenantJob, attempt: Attempt): Promise<Ballot> {
  const { result, fingerprint } = attempt
  const base = { planned: job.planned, gid: job.gid, fingerprint }
  switch (result.status) {
    case 'finished':
      return { ...base, xid: result.xid, vote: 'yes', failure: null }
    case 'rolled_back':
      return { ...base, xid: null, vote: 'no', failure: result.failure }
    case 'unknown': {
      const arrived = await lookUpVote(context, job, result.xid)
      return { ...base, xid: result.xid, vote: arrived, failure: arrived === 'yes' ? null : result.failure }
    }
  }
}

async function lookUpVote(
  context: ExecutionContext,
  job: TenantJob,
  xid: string | null,
): Promise<Ballot['vote']> {
  const { ports, topology, clock, config } = context
  const server = primaryOf(topology, findTenant(topology, job.planned.tenant))
  const deadline = AbortSignal.timeout(config.execution.settleSeconds * 1_000)
  while (!deadline.aborted) {
    try {
      if (job.gid !== null) {
        const prepared = await ports.prepared.list(server, deadline)
        return prepared.some(transaction => transaction.gid === job.gid) ? 'yes' : 'no'
      }
      if (xid === null) return 'no'
      const status = await ports.prepared.status(server, xid, deadline)
      return status === 'committed' ? 'yes' : status === 'aborted' ? 'no' : 'unsettled'
    } catch {
      // The server may be restarting: it is asked again until the deadline.
      await clock.sleep(250, deadline)
    }
  }
  return 'unsettled'
}
