import type { Failure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import { readVolatileText } from '../../../shared/text/volatile.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { parseGid } from '../../naming/gid.ts'
import type { ExecutionContext, RunContext } from '../context/run-context.ts'
import type { Ending } from '../context/run-end.ts'
import { withIdleDeadline } from '../context/with-idle-deadline.ts'
import { noHooksAround } from '../hooks/around-phases.ts'
import type { Phase, Step } from '../phases/phase.ts'
import { reopenClosed } from '../rollback/recover-rollback.ts'
import { readHeadsUntil } from '../voting/look-up-vote.ts'
import type { RecoveryPorts } from './open-recovery.ts'
import { isSetAside, type RunRecord, readRecord } from './read-record.ts'
import { type SettledLeftovers, settleLeftovers } from './settle-leftovers.ts'

/** A dead run as its log tells it, with what its tenants are compared with. */
export interface RecoveredRun extends ExecutionContext {
  readonly ports: RecoveryPorts
  readonly events: readonly RunEvent[]
  readonly record: RunRecord
  /** Resolves when the migrations can be asked without waiting for their start. */
  readonly warmed: Promise<MigrationGraph | null>
}

/** Votes as they were settled: those of groups whose turn is next are held, and the first that could not be settled is named. */
export interface Settlement {
  readonly held: SettledLeftovers['held']
  readonly unsettled: Failure | null
}

type Reopened = Omit<ExecutionContext, 'plan' | 'rehearsal' | 'snapshots'> & Pick<RecoveredRun, 'events'>

/** Reads what the log says. Without a plan the run voted on nothing, which ends the recovery. */
export const beginRecovery: Step<
  Reopened,
  Pick<RecoveredRun, 'record' | 'warmed' | 'plan' | 'rehearsal' | 'snapshots'>
> = {
  async work(run) {
    await run.recorder.recordDurably({ type: 'recovery.started', volatile: {} })
    const record = readRecord(run.events)
    // An interpreter takes longer to start than a server may be silent: no idle deadline begins before it is there.
    const warmed = run.ports.source.describe(run.signal).catch(() => null)
    if (!record) return { kind: 'over', ending: await settleWithoutRecord(run, run.events, warmed) }
    const { plan, snapshots } = record
    return { kind: 'found', found: { record, warmed, plan, snapshots, rehearsal: null } }
  },
}

/** Lets everybody in again, and settles the votes, as the record and the databases say. */
export const settleVotesOnRecord: Phase<RecoveredRun, Settlement> = {
  name: 'rollback',
  hooks: noHooksAround,
  async work(run) {
    const closed = await reopenClosed(run, run.events)
    const { held, failure } = await settleLeftovers(run, run.record, run.warmed)
    const unsettled = closed ?? failure
    const message = unsettled ? 'not every vote is settled' : describeSettled(held.length)
    return { status: unsettled ? 'failed' : 'success', message, found: { held, unsettled } }
  },
}

function describeSettled(held: number): string {
  return held === 0 ? 'no vote is left open' : 'every vote is settled, but for those whose turn is next'
}

/** A log without a plan is that of a run that voted on nothing; votes all the same mean that the log was lost. */
async function settleWithoutRecord(
  context: RunContext,
  events: readonly RunEvent[],
  warmed: Promise<MigrationGraph | null>,
): Promise<Ending> {
  const { ports, topology, runId, signal } = context
  const lists = await Promise.all(
    topology.clusters.map(({ primary }) => ports.prepared.list(primary.server, signal)),
  )
  const votes = lists.flat().filter(({ gid }) => parseGid(gid)?.runId === runId)
  const repaired = events.findLast(isSetAside)
  if (votes.length === 0 && repaired === undefined) return { outcome: 'rolled_back', failure: null }
  if (votes.length === 0) return settleUnknown(context, repaired, await warmed)
  const reason = 'votes of this run are prepared, and its log does not say what was decided'
  return {
    outcome: 'needs_human',
    failure: { kind: 'rollback_unproven', tenants: votes.map(vote => vote.database), reason },
  }
}

/** What a run did whose plan cannot be read is not known: all that can be said is that nothing of it is open, and where every tenant is. */
async function settleUnknown(
  context: RunContext,
  repaired: RunEvent | undefined,
  graph: MigrationGraph | null,
): Promise<Ending> {
  const { topology, ports, config, runId } = context
  const known = new Set(graph?.revisions.map(one => one.id))
  const unknown = await withIdleDeadline(config.execution.settleSeconds, idleDeadline =>
    mapConcurrently(topology.tenants, 8, async tenant => {
      const heads = await readHeadsUntil(ports, tenant, idleDeadline.signal)
      if (heads !== null) idleDeadline.renew()
      return heads?.every(head => known.has(head)) ? [] : [tenant.name]
    }),
  )
  const tenants = unknown.flat()
  const reason = 'it is at a revision that the project does not know, or its version table cannot be read'
  if (tenants.length > 0)
    return { outcome: 'needs_human', failure: { kind: 'rollback_unproven', tenants, reason } }
  const damage = readVolatileText(repaired?.type === 'log.repaired' ? repaired.volatile : {}, 'damage') ?? ''
  const count = countOf(topology.tenants.length, 'tenant')
  const words = `No vote of it is prepared, and each of ${count} is at a known revision.`
  return {
    outcome: 'needs_human',
    failure: { kind: 'record_damaged', runId, damage, known: words, votes: [] },
  }
}
