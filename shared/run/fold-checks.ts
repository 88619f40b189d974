import { readVolatileNumber } from '../text/volatile.ts'
import type { ServerObservation } from '../topology/topology.ts'
import { changeItem } from './change-item.ts'
import type { EventOf, RunState, StandbyView, StatementState } from './run-state.ts'

/** Notes that a gate is being asked. */
export function startGate(state: RunState, event: EventOf<'gate.started'>): RunState {
  const gates = changeItem(
    state.gates,
    gate => gate.gate === event.gate,
    () => ({ gate: event.gate, momentary: false, answer: null, durationMs: null, judgedAt: null }),
  )
  return { ...state, gates }
}

/** Notes what a gate answered; the last answer counts. */
export function judgeGate(state: RunState, event: EventOf<'gate.judged'>): RunState {
  const gates = changeItem(
    state.gates,
    gate => gate.gate === event.gate,
    () => ({
      gate: event.gate,
      momentary: event.momentary,
      answer: event.answer,
      durationMs: readVolatileNumber(event.volatile, 'durationMs'),
      judgedAt: event.at,
    }),
  )
  return { ...state, gates }
}

/** Notes what a smoke test of a group answered. */
export function judgeSmokeTest(state: RunState, event: EventOf<'smoke.judged'>): RunState {
  const smokeTests = changeItem(
    state.smokeTests,
    test => test.test === event.test && test.group === event.group,
    () => ({
      test: event.test,
      group: event.group,
      momentary: event.momentary,
      answer: event.answer,
      durationMs: readVolatileNumber(event.volatile, 'durationMs'),
    }),
  )
  return { ...state, smokeTests }
}

/** Notes what a hook answered; each answer is one of its own. */
export function judgeHook(state: RunState, event: EventOf<'hook.judged'>): RunState {
  const { hook, kind, moment, phase, group, tenant, answer, volatile } = event
  const durationMs = readVolatileNumber(volatile, 'durationMs')
  return {
    ...state,
    hooks: [...state.hooks, { hook, kind, moment, phase, group, tenant, answer, durationMs }],
  }
}

/** Notes what a server is; a standby is entered with its lag. */
export function observeServer(state: RunState, observation: ServerObservation): RunState {
  const servers = changeItem(
    state.servers,
    server => server.server === observation.server,
    () => observation,
  )
  if (observation.declaredRole !== 'standby') return { ...state, servers }
  const standbys = changeStandby(state, observation.server, observation.cluster, standby => ({
    ...standby,
    lagBytes: observation.replication?.lagBytes ?? null,
    lagSeconds: observation.replication?.lagSeconds ?? null,
    failure: observation.failure,
  }))
  return { ...state, servers, standbys }
}

/** Notes whether a standby has replayed what a group committed. */
export function checkStandby(state: RunState, event: EventOf<'standby.checked'>): RunState {
  const standbys = changeStandby(state, event.server, event.cluster, standby => ({
    ...standby,
    caughtUp: event.promise !== undefined && event.caughtUp ? null : event.caughtUp,
    ...(event.promise === undefined ? {} : { promise: event.promise }),
    group: event.group,
    failure: event.failure,
    waitedMs: readVolatileNumber(event.volatile, 'waitedMs'),
    lagBytes:
      readVolatileNumber(event.volatile, 'lagBytes') ??
      (event.caughtUp && event.promise === undefined ? 0 : standby.lagBytes),
  }))
  return { ...state, standbys }
}

/** Notes how far a standby is behind now. */
export function sampleLag(state: RunState, event: EventOf<'lag.sampled'>): RunState {
  const standbys = changeStandby(state, event.server, event.cluster, standby => ({
    ...standby,
    lagBytes: readVolatileNumber(event.volatile, 'lagBytes'),
    lagSeconds: readVolatileNumber(event.volatile, 'lagSeconds'),
  }))
  return { ...state, standbys }
}

/** Notes whether a tenant's schema on a server is the expected one. */
export function compareFingerprints(state: RunState, event: EventOf<'fingerprints.compared'>): RunState {
  const { tenant, server, equal, expected, found, objects } = event
  const comparisons = changeItem(
    state.comparisons,
    comparison => comparison.tenant === tenant && comparison.server === server,
    () => ({ tenant, server, equal, expected, found, objects }),
  )
  return { ...state, comparisons }
}

/** Notes whether a tenant is as it was before the run. */
export function proveRollback(state: RunState, event: EventOf<'rollback.proven'>): RunState {
  const { tenant, equal, before, found } = event
  const proofs = changeItem(
    state.proofs,
    proof => proof.tenant === tenant,
    () => ({ tenant, equal, before, found }),
  )
  return { ...state, proofs }
}

/** Adds one execution to a statement's line over all tenants. */
export function addStatement(state: RunState, event: EventOf<'statement.executed'>): RunState {
  const durationMs = readVolatileNumber(event.volatile, 'durationMs') ?? 0
  const statements = changeItem(
    state.statements,
    known => known.revision === event.revision && known.index === event.index && known.sql === event.sql,
    known => addExecution(known, event, durationMs),
  )
  return { ...state, statements }
}

function addExecution(
  known: StatementState | null,
  event: EventOf<'statement.executed'>,
  durationMs: number,
): StatementState {
  const { revision, index, sql, tenant } = event
  if (known === null) {
    return {
      revision,
      index,
      sql,
      executions: 1,
      totalMs: durationMs,
      slowestMs: durationMs,
      slowestTenant: tenant,
    }
  }
  const isSlowest = durationMs > known.slowestMs
  return {
    ...known,
    executions: known.executions + 1,
    totalMs: known.totalMs + durationMs,
    slowestMs: isSlowest ? durationMs : known.slowestMs,
    slowestTenant: isSlowest ? tenant : known.slowestTenant,
  }
}

function changeStandby(
  state: RunState,
  server: string,
  cluster: string,
  change: (standby: StandbyView) => StandbyView,
): readonly StandbyView[] {
  return changeItem(
    state.standbys,
    standby => standby.server === server,
    standby => change(standby ?? newStandby(server, cluster)),
  )
}

function newStandby(server: string, cluster: string): StandbyView {
  return {
    server,
    cluster,
    lagBytes: null,
    lagSeconds: null,
    caughtUp: null,
    group: null,
    waitedMs: null,
    failure: null,
  }
}
