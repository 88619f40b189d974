import { describeFailure } from '../failure/describe-failure.ts'
import type { Failure } from '../failure/failure.ts'
import { millisecondsBetween } from '../text/milliseconds-between.ts'
import { listNames } from '../text/plain-words.ts'
import { readVolatileNumber, readVolatileText, type Volatile } from '../text/volatile.ts'
import { endOpenGroups } from './change-group.ts'
import { finishTenant, isUnderWay } from './change-tenant.ts'
import { countUp } from './count-up.ts'
import { byWhom } from './event-phrases.ts'
import { aboutRun, defineEvent, type RunEnvelope } from './event-spec.ts'
import type { Outcome } from './outcome.ts'
import type { InterruptionSignal, RunIntent } from './run-intent.ts'
import type { PhaseState, RunState } from './run-state.ts'

export type Repair = Volatile<'keptAs' | 'damage'>

export interface FinishedRun {
  readonly outcome: Outcome
  readonly exitCode: number
  readonly failure: Failure | null
  readonly volatile: Volatile<'durationMs'>
}

/** The run as a whole: its beginning, its end, and what holds it up in between. */
export const runEvents = {
  'run.started': defineEvent<{
    project: string
    toolVersion: string
    intent: RunIntent
    volatile: Volatile
  }>({
    source: 'engine',
    level: 'info',
    visibility: 'always',
    subject: aboutRun,
    words: ({ project, toolVersion, intent }) =>
      `${intent.verb === 'rollback' ? 'rollback' : 'run'} of ${project} started with Lockstep ${toolVersion}${describeIntent(intent)}`,
    fold: (state, { project, toolVersion, intent, at }) => ({
      ...state,
      project,
      toolVersion,
      intent,
      startedAt: at,
    }),
  }),

  'lock.acquired': defineEvent<{ cluster: string; volatile: Volatile }>({
    source: 'engine',
    level: 'info',
    visibility: 'always',
    subject: ({ cluster }) => ({ of: 'cluster', name: cluster }),
    words: ({ cluster }) => `lock of cluster ${cluster} acquired`,
    fold: (state, { cluster }) => ({ ...state, lockedClusters: [...state.lockedClusters, cluster] }),
  }),

  'run.interrupted': defineEvent<{ signal: InterruptionSignal }>({
    source: 'person',
    level: 'warning',
    visibility: 'always',
    subject: aboutRun,
    words: ({ signal }) =>
      `${signal === 'abort' ? 'aborted by a person' : `interrupted by ${signal}`}: nothing new begins, what has begun is settled`,
    fold: (state, { signal }) => ({ ...state, interruption: signal }),
  }),

  /** A person asked for a pause; it takes effect where nothing is prepared. */
  'run.pausing': defineEvent<{ volatile: Volatile<'by'> }>({
    source: 'person',
    level: 'info',
    visibility: 'always',
    timing: 'transient',
    subject: aboutRun,
    words: fact => `a pause was asked for${byWhom(fact)}: it begins where nothing is prepared`,
    fold: (state, { at, volatile }) => ({
      ...state,
      pause: { by: readVolatileText(volatile, 'by'), askedAt: at, before: null },
    }),
  }),

  'run.paused': defineEvent<{ before: string; volatile: Volatile }>({
    source: 'engine',
    level: 'info',
    visibility: 'always',
    timing: 'transient',
    subject: aboutRun,
    words: ({ before }) => `paused before ${before}`,
    fold: (state, { before }) => ({ ...state, pause: state.pause && { ...state.pause, before } }),
  }),

  'run.resumed': defineEvent<{ volatile: Volatile<'by'> }>({
    source: 'person',
    level: 'info',
    visibility: 'always',
    timing: 'transient',
    subject: aboutRun,
    words: fact => `resumed${byWhom(fact)}`,
    fold: state => ({ ...state, pause: null }),
  }),

  'recovery.started': defineEvent<{ volatile: Volatile }>({
    source: 'engine',
    level: 'warning',
    visibility: 'always',
    subject: aboutRun,
    words: () => 'recovery started',
    fold: (state, { at }) => startRecovery(state, at),
  }),

  'log.repaired': defineEvent<{ volatile: Repair }>({
    source: 'engine',
    level: 'warning',
    visibility: 'always',
    subject: aboutRun,
    words: ({ volatile }) => describeRepair(volatile),
    fold: state => countUp(state, 'repairs'),
  }),

  'run.finished': defineEvent<FinishedRun>({
    source: 'engine',
    level: ({ exitCode }) => (exitCode === 0 ? 'info' : 'error'),
    visibility: 'always',
    subject: aboutRun,
    words: ({ outcome, exitCode, failure }) =>
      `run finished: ${outcome.replaceAll('_', ' ')} (exit code ${exitCode})${failure ? `. ${describeFailure(failure).what}` : ''}`,
    fold: finishRun,
  }),
}

function describeIntent({ target, tenants, undoes }: RunIntent): string {
  const toTarget = target.length > 0 ? `, to ${listNames(target)}` : ''
  const ofTenants = tenants.length > 0 ? `, tenants ${listNames(tenants)}` : ''
  return toTarget + ofTenants + (undoes === undefined ? '' : `, to undo run ${undoes}`)
}

function describeRepair(volatile: Repair): string {
  const damage = readVolatileText(volatile, 'damage')
  if (damage === null) return 'the log was cut off in its last line; what was whole is kept'
  const keptAs = readVolatileText(volatile, 'keptAs')
  return `the log was damaged (${damage})${keptAs === null ? '' : `; what follows is set aside as ${keptAs}`}`
}

function startRecovery(state: RunState, at: string): RunState {
  return {
    ...countUp(state, 'recoveries'),
    phases: state.phases.map(phase => interruptPhase(phase, at)),
    finishedAt: null,
    outcome: null,
    exitCode: null,
    failure: null,
    durationMs: null,
    // What could not be proven may be by now; a tenant that is still to be as before is looked at again.
    proofs: state.proofs.filter(proof => proof.equal),
  }
}

/** What was open when the process went away. */
function interruptPhase(phase: PhaseState, at: string): PhaseState {
  return phase.status === 'running' ? { ...phase, status: 'interrupted', finishedAt: at } : phase
}

function finishRun(state: RunState, event: RunEnvelope & FinishedRun): RunState {
  const { outcome, exitCode, failure, volatile, at } = event
  const settled = outcome === 'migrated' ? settleMigratedTenants(state, at) : state
  return {
    ...(state.counters.recoveries > 0 ? endOpenGroups(settled) : settled),
    finishedAt: at,
    outcome,
    exitCode,
    failure,
    durationMs: readVolatileNumber(volatile, 'durationMs') ?? millisecondsBetween(state.startedAt ?? at, at),
  }
}

/** A run that ends as migrated has every tenant at the target, also those whose commit a crash kept from the log. */
function settleMigratedTenants(state: RunState, at: string): RunState {
  const tenants = state.tenants.map(tenant =>
    isUnderWay(tenant) ? finishTenant(tenant, 'committed', at) : tenant,
  )
  return { ...state, tenants }
}
