import type { Failure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { PlannedTenant } from '../../../shared/plan/plan.ts'
import type { Outcome } from '../../../shared/run/outcome.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import { readVolatileText } from '../../../shared/text/volatile.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { parseGid } from '../../naming/gid.ts'
import type { PhaseHooks } from '../context/phase-hooks.ts'
import type { ExecutionContext, RunContext } from '../context/run-context.ts'
import type { Ending } from '../context/run-end.ts'
import { withPatience } from '../context/with-patience.ts'
import { withPhase } from '../context/with-phase.ts'
import { createPhaseHooks } from '../hooks/create-phase-hooks.ts'
import { noSmokeTests } from '../rollback/execute-rollback.ts'
import { proveUndoneOnRecord, reopenClosed } from '../rollback/recover-rollback.ts'
import { checkReplicas, describeReplicas } from '../verification/check-replicas.ts'
import { proveRollback } from '../verification/prove-rollback.ts'
import { readHeadsUntil } from '../voting/look-up-vote.ts'
import { continueFleet } from './continue-fleet.ts'
import { isSetAside, type RunRecord, readRecord } from './read-record.ts'
import { readStandings, type Standing } from './read-standings.ts'
import { settleLeftovers } from './settle-leftovers.ts'

/** Settles the votes of a dead run, proves where every tenant is, and says how the run has ended by that. */
export async function settleRun(
  context: RunContext,
  events: readonly RunEvent[],
  findLostLock: () => string | null,
): Promise<Ending> {
  await context.recorder.recordDurably({ type: 'recovery.started', volatile: {} })
  const record = readRecord(events)
  // An interpreter takes longer to start than a server may be silent: nobody's patience begins before it is there.
  const warmed = context.ports.source.describe(context.signal).catch(() => null)
  if (!record) return settleWithoutRecord(context, events, warmed)
  const { plan, snapshots } = record
  const execution: ExecutionContext = { ...context, plan, rehearsal: null, snapshots, findLostLock }
  const { held, failure: unsettled } = await withPhase(context, 'rollback', null, async () => {
    const closed = await reopenClosed(execution, events)
    const settled = await settleLeftovers(execution, record, warmed)
    const failure = closed ?? settled.failure
    return {
      status: failure ? 'failed' : 'success',
      message: failure ? 'not every vote is settled' : describeSettled(settled.held.length),
      value: { ...settled, failure },
    }
  })
  const continued =
    held.length === 0
      ? null
      : await continueFleet(askTeam(execution, record, events), held, record.openBallots)
  await warmed
  const standings = await readStandings(execution, record)
  const at = (standing: Standing): readonly PlannedTenant[] =>
    standings.filter(one => one.standing === standing).map(one => one.planned)
  const migrated = at('migrated')
  const between = at('between')
  const others = at('elsewhere')
  const unproven = others.length > 0 ? await proveRollback(execution, others) : null
  const behind = await verifyMigrated(execution, migrated, continued?.verified ?? [])
  const undone = await proveUndoneOnRecord(execution, events, migrated)
  const doubt = unsettled ?? unproven ?? nameUnended(between) ?? continued?.failure ?? behind ?? undone
  const failure = doubt ?? nameDivided(context.runId, migrated, others)
  return { outcome: chooseOutcome(migrated.length, failure), failure }
}

function describeSettled(held: number): string {
  return held === 0 ? 'no vote is left open' : 'every vote is settled, but for those whose turn is next'
}

/** Where a run goes on, its team's own gates are asked as they would have been; they are told what the log knows. */
function askTeam(
  context: ExecutionContext,
  { isRollback }: RunRecord,
  events: readonly RunEvent[],
): ExecutionContext {
  const started = events.find(event => event.type === 'run.started')
  const hooks: PhaseHooks = createPhaseHooks(
    context.config,
    started?.type === 'run.started' ? started.intent.tenants : [],
  )
  for (const event of events) hooks.hear(event)
  const config = isRollback ? { ...context.config, smokeTests: noSmokeTests } : context.config
  return { ...context, config, hooks }
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

/** What a run did whose plan nobody can read is not known: all that can be said is that nothing of it is open, and where everybody is. */
async function settleUnknown(
  context: RunContext,
  repaired: RunEvent | undefined,
  graph: MigrationGraph | null,
): Promise<Ending> {
  const { topology, ports, config, runId } = context
  const known = new Set(graph?.revisions.map(one => one.id))
  const unknown = await withPatience(config.execution.settleSeconds, patience =>
    mapConcurrently(topology.tenants, 8, async tenant => {
      const heads = await readHeadsUntil(ports, tenant, patience.signal)
      if (heads !== null) patience.renew()
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

function chooseOutcome(migrated: number, failure: Failure | null): Outcome {
  if (failure) return 'needs_human'
  return migrated > 0 ? 'migrated' : 'rolled_back'
}

/** Tenants that committed a part of their way: undoing it is not the vote's business, and a second run goes on from there. */
function nameUnended(between: readonly PlannedTenant[]): Failure | null {
  if (between.length === 0) return null
  return { kind: 'steps_left', tenants: between.map(one => one.tenant) }
}

/** Everybody is well, and not at the same place: some groups had committed, and the others had not voted. */
function nameDivided(
  runId: string,
  migrated: readonly PlannedTenant[],
  left: readonly PlannedTenant[],
): Failure | null {
  if (migrated.length === 0 || left.length === 0) return null
  const names = (tenants: readonly PlannedTenant[]): readonly string[] => tenants.map(one => one.tenant)
  return { kind: 'partly_migrated', runId, migrated: names(migrated), left: names(left) }
}

async function verifyMigrated(
  context: ExecutionContext,
  migrated: readonly PlannedTenant[],
  verified: readonly string[],
): Promise<Failure | null> {
  const names = new Set(migrated.map(tenant => tenant.tenant))
  for (const group of context.plan.groups) {
    if (verified.includes(group.name)) continue
    const tenants = group.tenants.filter(tenant => names.has(tenant.tenant))
    if (tenants.length === 0) continue
    const failures = await withPhase(context, 'replica_sync_validation', group.name, async () => {
      const found = await checkReplicas(context, { ...group, tenants }, context.signal)
      const message = describeReplicas(context.topology, { ...group, tenants }, found)
      return { status: found.length === 0 ? 'success' : 'failed', message, value: found }
    })
    if (failures[0]) return failures[0]
  }
  return null
}
