import { describeFailure } from '../failure/describe-failure.ts'
import type { Failure } from '../failure/failure.ts'
import { describeWay } from '../server/server-way.ts'
import { changeItem } from '../text/change-item.ts'
import { formatBytes, formatDuration, listNames } from '../text/plain-words.ts'
import { readVolatileNumber, type Volatile } from '../text/volatile.ts'
import type { DeclaredReplay, ServerObservation } from '../topology/topology.ts'
import { aboutServer, defineEvent, type RunEnvelope } from './event-spec.ts'
import type { RunState, StandbyView } from './run-state.ts'

export interface CheckedStandby {
  readonly cluster: string
  readonly server: string
  readonly group: string
  /** With a promise: whether that was kept. */
  readonly caughtUp: boolean
  readonly failure: Failure | null
  /** Of a standby that is declared to be late: it was waited for as far as it promises. */
  readonly promise?: DeclaredReplay
  readonly volatile: Volatile<'waitedMs' | 'targetLsn' | 'replayedLsn' | 'lagBytes' | 'lagSeconds'>
}

/** What servers are, how far standbys are, and whether schemas are as expected there. */
export const serverEvents = {
  'server.observed': defineEvent<{ server: string; observation: ServerObservation }>({
    source: 'server',
    // A server that cannot be asked is judged by the gates; here it is only remarkable.
    level: ({ observation: { failure, role, declaredRole } }) =>
      failure !== null || role !== declaredRole ? 'warning' : 'info',
    visibility: 'always',
    subject: aboutServer,
    words: ({ observation }) => describeObservation(observation),
    fold: (state, { observation }) => observeServer(state, observation),
  }),

  'standby.checked': defineEvent<CheckedStandby>({
    source: 'server',
    level: ({ caughtUp }) => (caughtUp ? 'info' : 'error'),
    isCause: true,
    visibility: 'always',
    subject: aboutServer,
    words: describeCheck,
    fold: checkStandby,
  }),

  'lag.sampled': defineEvent<{
    cluster: string
    server: string
    volatile: Volatile<'lagBytes' | 'lagSeconds'>
  }>({
    source: 'server',
    level: 'info',
    visibility: 'verbose',
    timing: 'transient',
    subject: aboutServer,
    words: ({ server, volatile }) =>
      `lag of server ${server}: ${formatBytes(readVolatileNumber(volatile, 'lagBytes'))}`,
    fold: (state, { server, cluster, volatile }) =>
      changeStandby(state, server, cluster, standby => ({
        ...standby,
        lagBytes: readVolatileNumber(volatile, 'lagBytes'),
        lagSeconds: readVolatileNumber(volatile, 'lagSeconds'),
      })),
  }),

  'fingerprints.compared': defineEvent<{
    tenant: string
    server: string
    equal: boolean
    expected: string
    found: string
    /** Objects that differ, worst first, at most twenty. */
    objects: readonly string[]
  }>({
    source: 'server',
    level: ({ equal }) => (equal ? 'info' : 'error'),
    isCause: true,
    visibility: ({ equal }) => (equal ? 'verbose' : 'always'),
    subject: ({ tenant, server }) => ({ of: 'tenant on a server', name: tenant, server }),
    words: ({ tenant, server, equal, objects }) =>
      equal
        ? `tenant ${tenant} has the expected schema on ${server}`
        : `tenant ${tenant} has another schema on ${server}: ${listNames(objects)}`,
    fold: (state, { tenant, server, equal, expected, found, objects }) => ({
      ...state,
      comparisons: changeItem(
        state.comparisons,
        one => one.tenant === tenant && one.server === server,
        () => ({ tenant, server, equal, expected, found, objects }),
      ),
    }),
  }),
}

function describeObservation(observation: ServerObservation): string {
  const { server, declaredRole, role, way, replication, failure, version } = observation
  if (role === 'unreachable') {
    return `server ${server} (${declaredRole}) cannot be reached${failure ? `: ${describeFailure(failure).why}` : ''}`
  }
  const surprise = role === declaredRole ? '' : ` but declared as ${declaredRole}`
  const major = version === null ? '' : `, PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`
  const lag = replication
    ? `, ${replication.receiver ?? 'not receiving'}, lag ${formatBytes(replication.lagBytes)}`
    : ''
  const via = way === undefined || way === 'direct' ? '' : `, by ${describeWay(way)}`
  return `server ${server} is ${role}${surprise}${major}${via}${lag}`
}

function describeCheck({ server, group, caughtUp, promise, failure, volatile }: CheckedStandby): string {
  if (caughtUp && promise === 'archive')
    return `server ${server} takes its WAL from an archive, as declared: the run did not wait for it to replay group ${group}`
  if (!caughtUp)
    return `server ${server} has not replayed group ${group}: ${failure ? describeFailure(failure).why : 'the deadline passed'}`
  const duration = readVolatileNumber(volatile, 'waitedMs')
  const waited = duration === null ? '' : `, waited ${formatDuration(duration)}`
  return promise === 'delayed'
    ? `server ${server} has received group ${group} and replays it late, as declared${waited}`
    : `server ${server} has replayed group ${group}${waited}`
}

/** Notes what a server is; a standby is entered with its lag. */
function observeServer(before: RunState, observation: ServerObservation): RunState {
  const servers = changeItem(
    before.servers,
    server => server.server === observation.server,
    () => observation,
  )
  const state = { ...before, servers }
  if (observation.declaredRole !== 'standby') return state
  return changeStandby(state, observation.server, observation.cluster, standby => ({
    ...standby,
    lagBytes: observation.replication?.lagBytes ?? null,
    lagSeconds: observation.replication?.lagSeconds ?? null,
    failure: observation.failure,
  }))
}

/** Notes whether a standby has replayed what a group committed. */
function checkStandby(state: RunState, event: RunEnvelope & CheckedStandby): RunState {
  return changeStandby(state, event.server, event.cluster, standby => ({
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
}

function changeStandby(
  state: RunState,
  server: string,
  cluster: string,
  change: (standby: StandbyView) => StandbyView,
): RunState {
  const standbys = changeItem(
    state.standbys,
    standby => standby.server === server,
    standby => change(standby ?? newStandby(server, cluster)),
  )
  return { ...state, standbys }
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
