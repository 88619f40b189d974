import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationRoute, PlannedGroup, PlannedStep, PlannedTenant } from '../../../shared/plan/plan.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'
import type { Volatile } from '../../../shared/text/volatile.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { cancelOnAbort } from '../context/cancel-on-abort.ts'
import { type ExecutionContext, findTenant, primaryOf } from '../context/run-context.ts'
import type { StopSwitch } from '../context/stop-switch.ts'
import type { MigrateObserver, MigrateResult } from '../ports/migration-source.ts'
import { sameHeads } from '../routes/same-heads.ts'
import { guardLosses, type LossGuard } from './guard-losses.ts'
import { type ExpectedFingerprints, inspectVote } from './inspect-vote.ts'
import { findVoteFate, readHeadsUntil } from './look-up-vote.ts'
import { backoffMs, retryableState } from './retry-policy.ts'

/** One tenant's part of a group's work. */
export interface TenantJob {
  readonly group: PlannedGroup
  readonly planned: PlannedTenant
  readonly route: MigrationRoute
  readonly from: readonly string[]
  readonly steps: readonly PlannedStep[]
  /** Heads that the version table must hold at the end. */
  readonly to: readonly string[]
  readonly transactional: boolean
  /** Null: commit at once. */
  readonly gid: string | null
  readonly fingerprints: ExpectedFingerprints
  /** Called right before the tenant is asked to prepare: it holds its locks from then on, whatever is answered. */
  readonly onVoting?: () => void
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

/** What is learned while an attempt runs. */
interface Observed {
  fingerprint: string | null
  refusal: Failure | null
  revisionAt: number
  xid: string | null
  backendPid: number | null
}

interface Attempt {
  readonly result: MigrateResult
  readonly observed: Readonly<Observed>
}

/** Runs one tenant up to its vote, with bounded retries of lost lock races, and records how it voted. */
export async function migrateTenant(
  context: ExecutionContext,
  job: TenantJob,
  stop: StopSwitch,
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
    await clock.sleep(delayMs, AbortSignal.any([stop.signal]))
    if (!stop.signal.aborted) attempt = await attemptMigration(context, job, stop)
  }
  const ballot = await settleAttempt(context, job, attempt)
  const durationMs = Math.round(clock.monotonicMs() - startedAt)
  const vote = describeVote(ballot, subject, { xid: ballot.xid, gid: job.gid, durationMs })
  // Without a group's vote to undo it, a commit has happened whether or not it can be written down.
  await (job.gid === null ? recorder.tryRecord(vote) : recorder.record(vote))
  return ballot
}

function describeVote(
  { vote, failure, fingerprint }: Ballot,
  subject: { readonly group: string; readonly tenant: string },
  volatile: Volatile,
): RunFact {
  if (vote === 'unsettled' && failure) return { type: 'tenant.unsettled', ...subject, failure, volatile }
  return {
    type: 'tenant.voted',
    ...subject,
    vote: vote === 'yes' ? 'yes' : 'no',
    failure,
    fingerprint,
    volatile,
  }
}

async function attemptMigration(
  context: ExecutionContext,
  job: TenantJob,
  stop: StopSwitch,
): Promise<Attempt> {
  const { ports, topology, config } = context
  const tenant = findTenant(topology, job.planned.tenant)
  // A signal of its own: the listeners of many tenants at work would pile up on the shared one.
  const signal = AbortSignal.any([stop.signal])
  const cancel = cancelOnAbort(ports.sessions, signal)
  const observed: Observed = { fingerprint: null, refusal: null, revisionAt: 0, xid: null, backendPid: null }
  const watch = (pid: number): void => cancel.watch(primaryOf(topology, tenant), pid)
  try {
    const losses = await guardLosses(context, tenant, signal)
    const observer = observeMigration(context, { job, losses }, stop, observed, watch)
    const result = await ports.source.migrate(
      {
        tenant,
        from: job.from,
        steps: job.steps,
        transactional: job.transactional,
        lockTimeoutMs: config.execution.lockTimeoutSeconds * 1_000,
        statementTimeoutMs: config.execution.statementTimeoutSeconds * 1_000,
        gid: job.gid,
        startsAs: job.planned.fingerprint,
        ...(losses ? { guard: losses.queries } : {}),
      },
      observer,
      signal,
    )
    const refused =
      result.status === 'rolled_back' && observed.refusal ? { ...result, failure: observed.refusal } : result
    return { result: refused, observed }
  } catch (error) {
    // Whether the vote arrived before the throw is looked up in the database, not assumed.
    return { result: { status: 'unknown', failure: toFailure(error), xid: null }, observed }
  } finally {
    await cancel.stop()
  }
}

function observeMigration(
  context: ExecutionContext,
  { job, losses }: { readonly job: TenantJob; readonly losses: LossGuard | null },
  stop: StopSwitch,
  observed: Observed,
  watch: (backendPid: number) => void,
): MigrateObserver {
  const { recorder, clock } = context
  const subject = { group: job.group.name, tenant: job.planned.tenant }
  return {
    async started(facts) {
      observed.xid = facts.xid
      observed.backendPid = facts.backendPid
      observed.revisionAt = clock.monotonicMs()
      watch(facts.backendPid)
    },
    async guarded(rows) {
      observed.refusal = losses?.judgeCounts(rows) ?? null
      return observed.refusal === null && !stop.signal.aborted ? 'go' : 'rollback'
    },
    async statement(facts) {
      await recorder.record({
        type: 'statement.executed',
        ...subject,
        revision: facts.revision,
        index: facts.index,
        sql: facts.sql,
        volatile: { durationMs: Math.round(facts.durationMs * 10) / 10, rowCount: facts.rowCount },
      })
    },
    async revisionApplied(revision) {
      const now = clock.monotonicMs()
      const durationMs = Math.round(now - observed.revisionAt)
      observed.revisionAt = now
      await recorder.record({ type: 'revision.applied', ...subject, revision, volatile: { durationMs } })
    },
    async replayJudged(judgement) {
      await recorder.record({ type: 'replay.judged', ...subject, ...judgement, volatile: {} })
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
          // A part on the way ends elsewhere.
          mustEndIn: sameHeads(job.to, job.route.to)
            ? (context.mustEndIn?.get(job.planned.tenant) ?? null)
            : null,
        })
        observed.refusal ??= losses?.judgeChanges(inspection) ?? null
        if (observed.refusal) return 'rollback'
      }
      await context.writes?.atVote(
        findTenant(context.topology, job.planned.tenant),
        job.to.join(),
        inspection,
      )
      await recorder.record({
        type: 'tenant.voting',
        ...subject,
        volatile: { gid: job.gid, xid: inspection?.xid ?? observed.xid },
      })
      job.onVoting?.()
      return 'finish'
    },
  }
}

/** Turns the result into a ballot; a lost answer is looked up in the database. */
async function settleAttempt(context: ExecutionContext, job: TenantJob, attempt: Attempt): Promise<Ballot> {
  const { result, observed } = attempt
  const base = { planned: job.planned, gid: job.gid, fingerprint: observed.fingerprint }
  switch (result.status) {
    case 'finished':
      return { ...base, xid: result.xid ?? observed.xid, vote: 'yes', failure: null }
    case 'rolled_back':
      return { ...base, xid: null, vote: 'no', failure: result.failure }
    case 'unknown': {
      const xid = result.xid ?? observed.xid
      const vote = await lookUpVote(context, job, xid, observed.backendPid)
      return { ...base, xid, vote, failure: vote === 'yes' ? null : result.failure }
    }
  }
}

async function lookUpVote(
  context: ExecutionContext,
  job: TenantJob,
  xid: string | null,
  backendPid: number | null,
): Promise<Ballot['vote']> {
  const { ports, topology, config } = context
  const tenant = findTenant(topology, job.planned.tenant)
  const server = primaryOf(topology, tenant)
  const settleMs = config.execution.settleSeconds * 1_000
  const deadline = deadlineSignal(settleMs)
  const fate = await findVoteFate(ports, { server, gid: job.gid, xid }, deadline)
  if (fate === 'running') return 'unsettled'
  if (job.gid !== null) return fate === 'prepared' ? 'yes' : 'no'
  // Statements outside a transaction go on in the server when their client is gone.
  if (xid === null && backendPid !== null) {
    if (!(await ports.sessions.waitUntilGone(server, backendPid, settleMs))) return 'unsettled'
  }
  const heads = await readHeadsUntil(ports, tenant, deadline)
  if (heads === null) return 'unsettled'
  return sameHeads(heads, job.to) ? 'yes' : 'no'
}
