import { assertNever } from '../text/assert-never.ts'
import { readVolatileNumber, readVolatileText } from '../text/volatile.ts'
import {
  addStatement,
  checkStandby,
  compareFingerprints,
  judgeGate,
  judgeHook,
  judgeSmokeTest,
  observeServer,
  proveRollback,
  sampleLag,
  startGate,
} from './fold-checks.ts'
import { addPlannedGroups, endOpenGroups, foldGroup } from './fold-group.ts'
import { finishPhase, interruptPhases, millisecondsBetween, startPhase } from './fold-phase.ts'
import {
  addDiscoveredTenants,
  addPlannedTenants,
  foldTenant,
  settleMigratedTenants,
  settleProvenTenant,
} from './fold-tenant.ts'
import type { RunEvent } from './run-event.ts'
import { type EventOf, initialRunState, type RunCounters, type RunState } from './run-state.ts'

/** The state after all of these events. */
export function foldAll(events: Iterable<RunEvent>): RunState {
  let state = initialRunState
  for (const event of events) state = foldRun(state, event)
  return state
}

/** The state after one more event: pure, and total over every type of event. */
export function foldRun(before: RunState, event: RunEvent): RunState {
  return foldFact(
    {
      ...before,
      runId: event.runId,
      lastAt: event.at,
      lastSeq: event.seq,
      counters: count(before.counters, 'events'),
    },
    event,
  )
}

function foldFact(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'run.started':
      return {
        ...state,
        project: event.project,
        toolVersion: event.toolVersion,
        intent: event.intent,
        startedAt: event.at,
      }
    case 'phase.started':
      return startPhase(state, event)
    case 'phase.finished':
      return finishPhase(state, event)
    case 'server.observed':
      return observeServer(state, event.observation)
    case 'tenants.discovered':
      return addDiscoveredTenants(state, event.tenants)
    case 'source.described':
      return { ...state, source: { source: event.source, revisions: event.revisions, heads: event.heads } }
    case 'lock.acquired':
      return { ...state, lockedClusters: [...state.lockedClusters, event.cluster] }
    case 'plan.made':
      return { ...addPlannedTenants(addPlannedGroups(state, event.plan), event.plan), plan: event.plan }
    case 'plan.foreseen': {
      const { findings, classes, rehearsed, notRehearsed } = event
      return { ...state, foreseen: { findings, classes, rehearsed, notRehearsed } }
    }
    case 'gate.started':
      return startGate(state, event)
    case 'gate.judged':
      return judgeGate(state, event)
    case 'approval.recorded':
      return recordApproval(state, event)
    case 'snapshot.taken':
      return { ...foldTenant(state, event), counters: count(state.counters, 'snapshots') }
    case 'rollback.proposed':
      return { ...state, proposal: event.proposal }
    case 'writes.noted':
    case 'tenant.restoring':
    case 'snapshot.copying':
      return state
    case 'group.started':
    case 'group.decided':
    case 'group.finished':
      return foldGroup(state, event)
    case 'statement.executed':
      return {
        ...addStatement(foldTenant(state, event), event),
        counters: count(state.counters, 'statements'),
      }
    case 'revision.applied':
      return { ...foldTenant(state, event), counters: count(state.counters, 'revisions') }
    case 'tenant.retried':
      return { ...foldTenant(state, event), counters: count(state.counters, 'retries') }
    case 'tenant.started':
    case 'tenant.voting':
    case 'tenant.voted':
    case 'tenant.committed':
    case 'tenant.rolled_back':
    case 'tenant.unsettled':
    case 'recovery.settled':
      return foldTenant(state, event)
    case 'standby.checked':
      return checkStandby(state, event)
    case 'lag.sampled':
      return sampleLag(state, event)
    case 'fingerprints.compared':
      return compareFingerprints(state, event)
    case 'smoke.judged':
      return judgeSmokeTest(state, event)
    case 'hook.judged':
      return judgeHook(state, event)
    case 'rollback.proven':
      return foldProof(state, event)
    case 'run.interrupted':
      return { ...state, interruption: event.signal }
    case 'run.pausing':
      return {
        ...state,
        pause: { by: readVolatileText(event.volatile, 'by'), askedAt: event.at, before: null },
      }
    case 'run.paused':
      return { ...state, pause: state.pause === null ? null : { ...state.pause, before: event.before } }
    case 'run.resumed':
      return { ...state, pause: null }
    case 'recovery.started':
      return startRecovery(state, event)
    case 'log.repaired':
      return { ...state, counters: count(state.counters, 'repairs') }
    case 'run.finished':
      return finishRun(state, event)
    default:
      return assertNever(event)
  }
}

function recordApproval(state: RunState, event: EventOf<'approval.recorded'>): RunState {
  const { planId, how, at } = event
  const approval = { planId, how, at, by: readVolatileText(event.volatile, 'by') }
  return { ...state, approvals: [...state.approvals, approval] }
}

function startRecovery(state: RunState, event: EventOf<'recovery.started'>): RunState {
  return {
    ...interruptPhases(state, event.at),
    finishedAt: null,
    outcome: null,
    exitCode: null,
    failure: null,
    durationMs: null,
    // What could not be proven may be by now; whoever is still to be as before is looked at again.
    proofs: state.proofs.filter(proof => proof.equal),
    counters: count(state.counters, 'recoveries'),
  }
}

function foldProof(state: RunState, event: EventOf<'rollback.proven'>): RunState {
  const proven = proveRollback(state, event)
  return event.equal ? settleProvenTenant(proven, event.tenant, event.at) : proven
}

function finishRun(state: RunState, event: EventOf<'run.finished'>): RunState {
  const settled = event.outcome === 'migrated' ? settleMigratedTenants(state, event.at) : state
  return {
    ...(state.counters.recoveries > 0 ? endOpenGroups(settled) : settled),
    finishedAt: event.at,
    outcome: event.outcome,
    exitCode: event.exitCode,
    failure: event.failure,
    durationMs:
      readVolatileNumber(event.volatile, 'durationMs') ??
      millisecondsBetween(state.startedAt ?? event.at, event.at),
  }
}

function count(counters: RunCounters, name: keyof RunCounters): RunCounters {
  return { ...counters, [name]: counters[name] + 1 }
}
