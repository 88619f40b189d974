import type { Failure } from '../../../shared/failure.ts'
import { parseGid } from '../../../shared/gid.ts'
import type { Outcome } from '../../../shared/outcome.ts'
import type { PlannedTenant } from '../../../shared/plan.ts'
import type { RunEvent } from '../../../shared/run-event.ts'
import { checkReplicas } from '../check-replicas.ts'
import { createPhaseHooks, type PhaseHooks } from '../hooks/phase-hooks.ts'
import { proveRollback } from '../prove-rollback.ts'
import { type RunRecord, readRecord } from '../read-record.ts'
import { readStandings, type Standing } from '../read-standings.ts'
import { noSmokeTests } from '../rollback/execute-rollback.ts'
import { proveUndoneOnRecord, reopenClosed } from '../rollback/recover-rollback.ts'
import type { ExecutionContext, RunContext } from '../run-context.ts'
import type { Ending } from '../run-end.ts'
import { settleLeftovers } from '../settle-leftovers.ts'
import { withPhase } from '../with-phase.ts'
import { continueFleet } from './continue-fleet.ts'

/** Settles the votes of a dead run, proves where every tenant is, and says how the run has ended by that. */
export async function settleRun(
  context: RunContext,
  events: readonly RunEvent[],
  findLostLock: () => string | null,
): Promise<Ending> {
  await context.recorder.recordDurably({ type: 'recovery.started', volatile: {} })
  const record = readRecord(events)
  if (!record) return settleWithoutRecord(context)
  const { plan, snapshots } = record
  const execution: ExecutionContext = { ...context, plan, rehearsal: null, snapshots, findLostLock }
  const { held, failure: unsettled } = await withPhase(context, 'rollback', null, async () => {
    const closed = await reopenClosed(execution, events)
    const settled = await settleLeftovers(execution, record)
    const failure = closed ?? settled.failure
    return {
      status: failure ? 'failed' : 'success',
      message: failure ? 'not every vote is settled' : describeSettled(settled.held.length),
      value: { ...settled, failure },
    }
  })
  const continued = held.length === 0 ? null : await continueFleet(askTeam(execution, record, events), held)
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
async function settleWithoutRecord({ ports, topology, runId, signal }: RunContext): Promise<Ending> {
  const lists = await Promise.all(
    topology.clusters.map(({ primary }) => ports.prepared.list(primary.server, signal)),
  )
  const votes = lists.flat().filter(({ gid }) => parseGid(gid)?.runId === runId)
  if (votes.length === 0) return { outcome: 'rolled_back', failure: null }
  const reason = 'votes of this run are prepared, and its log does not say what was decided'
  return {
    outcome: 'needs_human',
    failure: { kind: 'rollback_unproven', tenants: votes.map(vote => vote.database), reason },
  }
}

function chooseOutcome(migrated: number, failure: Failure | null): Outcome {
  if (failure) return 'needs_human'
  return migrated > 0 ? 'migrated' : 'rolled_back'
}

/** Tenants that committed a part of their way: undoing it is not the vote's business, and a second run goes on from there. */
function nameUnended(between: readonly PlannedTenant[]): Failure | null {
  if (between.length === 0) return null
  const reason = 'the first steps are committed and the later ones have not run: a new run goes on from there'
  return { kind: 'rollback_unproven', tenants: between.map(one => one.tenant), reason }
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
      const message =
        found.length === 0 ? 'every standby has the group and its schema' : `${found.length} findings`
      return { status: found.length === 0 ? 'success' : 'failed', message, value: found }
    })
    if (failures[0]) return failures[0]
  }
  return null
}
