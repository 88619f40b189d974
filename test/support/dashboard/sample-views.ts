import type { LogPage } from '../../../shared/api/log-line.ts'
import type { OverviewView } from '../../../shared/api/overview-view.ts'
import type { GateCheck, PlanView } from '../../../shared/api/plan-view.ts'
import { defaultPreferences } from '../../../shared/api/preferences.ts'
import type { ProtocolView } from '../../../shared/api/protocol-view.ts'
import type { RunSummary, RunView } from '../../../shared/api/run-view.ts'
import type { SecretState } from '../../../shared/api/secret-state.ts'
import type { SessionView } from '../../../shared/api/session-view.ts'
import type { LagSeries, TenantPosition, TopologyView } from '../../../shared/api/topology-view.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import { createFakeEngine, type FakeAnswers, type FakeEngine } from './fake-engine.ts'
import { type Recording, readRecording } from './read-recording.ts'

const at = '2026-11-22T10:00:00.000Z'
const migrated = foldAll(readRecording('0.1.0-migrated'))

/** A session with a project open on this machine. */
export const sampleSession: SessionView = {
  toolVersion: '0.1.0',
  readOnly: false,
  project: {
    name: 'demo-shop',
    file: 'lockstep.yml',
    folder: '/srv/demo-shop',
    environment: { name: 'demo-shop', protection: 'local', why: 'every server is of this machine' },
    isDemo: false,
  },
  failure: null,
  demo: { state: 'not_started' },
  activeRuns: [],
  user: 'ada',
}

/** The plan of a recorded run. */
export const samplePlan: Plan = migrated.plan!

/** One run of a list, from a recording. */
export function sampleSummary(recording: Recording): RunSummary {
  return summarize(foldAll(readRecording(recording)))
}

function summarize(state: RunState): RunSummary {
  return {
    runId: state.runId ?? '',
    project: state.project,
    startedAt: state.startedAt,
    outcome: state.outcome,
    exitCode: state.exitCode,
    alive: false,
    damage: null,
    isImported: false,
  }
}

const notYet = (what: string) => ({ state: 'not_yet_judged', reason: `${what} has no judge yet.` }) as const

/** What gates are called and why they exist; `tenant_isolation` is missing, as one of another version would be. */
const sampleGateWords: RunView['gateWords'] = {
  revision_graph: {
    title: 'Revisions lead to the target',
    why: 'A tenant on an unknown revision, or a tree with two ends, has no single way to the target.',
  },
  capacity: {
    title: 'Servers have room',
    why: 'A vote holds every tenant prepared at once; a server that runs out in the middle stops it for everyone.',
  },
  isolation_level: {
    title: 'Sessions are what a migration needs',
    why: 'Under a snapshot older than its locks a migration does not see the rows that break it.',
  },
  replica_lag: {
    title: 'Replicas keep up',
    why: 'A standby that lags serves the old schema after the primary has changed.',
  },
  foreign_keys: {
    title: 'Foreign keys hold',
    why: 'Rows without a parent break the next constraint or join.',
  },
  blocking_queries: {
    title: 'No session blocks the migration',
    why: 'A migration that waits for a lock makes every reader of that table wait behind it.',
  },
}

/** A recorded run as the Run screen gets it. */
export function sampleRunView(recording: Recording): RunView {
  const state = foldAll(readRecording(recording))
  return {
    summary: summarize(state),
    state,
    control: 'running',
    lag: sampleLag,
    gateWords: sampleGateWords,
    rollback: notYet('Rollback'),
    possible: [
      {
        action: 'pause',
        level: 1,
        refusal: { kind: 'not_possible', action: 'pause', reason: 'The run has ended.' },
      },
      {
        action: 'abort',
        level: 2,
        refusal: { kind: 'not_possible', action: 'abort', reason: 'The run has ended.' },
      },
      {
        action: 'recover',
        level: 1,
        refusal: { kind: 'not_possible', action: 'recover', reason: 'The run came to its end.' },
      },
      {
        action: 'roll_back',
        level: 2,
        refusal: { kind: 'not_possible', action: 'roll back', reason: 'Not yet judged.' },
      },
    ],
    links: [],
  }
}

/** Two standbys over two minutes: one with a gap, one idle at the end. */
export const sampleLag: readonly LagSeries[] = ['standby-1', 'standby-2'].map((server, number) => ({
  server,
  cluster: 'main',
  maxBytes: 16_777_216,
  samples: Array.from({ length: 120 }, (_, second) => {
    const time = new Date(Date.parse(at) + second * 1_000).toISOString()
    if (number === 0 && second >= 60 && second < 75)
      return { server, cluster: 'main', at: time, bytes: null, seconds: null, state: 'missing' as const }
    const bytes = Math.round(Math.abs(Math.sin(second / 9 + number)) * 900_000)
    const isIdle = number === 1 && second > 100
    return {
      server,
      cluster: 'main',
      at: time,
      bytes: isIdle ? 0 : bytes,
      seconds: isIdle ? null : bytes / 4_000_000,
      state: isIdle ? ('idle' as const) : ('streaming' as const),
    }
  }),
}))

/** The revisions of the demo. */
export const sampleGraph: MigrationGraph = {
  source: 'alembic',
  revisions: ['0001', '0002', '0003'].map((id, index) => ({
    id,
    parents: index === 0 ? [] : [`000${index}`],
    dependsOn: [],
    labels: [],
    message: ['baseline', 'billing', 'refunds'][index] ?? '',
    file: `versions/${id}.py`,
    checksum: String(index).repeat(64),
    isMerge: false,
  })),
  bases: ['0001'],
  heads: ['0003'],
  origin: { folder: 'migrations', interpreter: null },
}

/** Where each tenant of the plan stands. */
export const samplePositions: readonly TenantPosition[] = samplePlan.groups.flatMap(group =>
  group.tenants.map(tenant => ({
    tenant: tenant.tenant,
    cluster: tenant.cluster,
    database: tenant.database,
    group: group.name,
    wave: group.wave,
    heads: tenant.from,
    behind: tenant.route === null ? 0 : 1,
    fingerprint: tenant.fingerprint,
  })),
)

/** A cluster of three without Compose files. */
export const sampleTopology: TopologyView = {
  topology: {
    clusters: [
      {
        name: 'main',
        primary: migrated.servers.find(server => server.role === 'primary')!,
        standbys: migrated.servers.filter(server => server.role === 'standby'),
      },
    ],
    tenants: samplePositions.map(({ tenant, cluster, database }) => ({
      name: tenant,
      cluster,
      database,
      appRole: null,
    })),
  },
  found: null,
  failure: null,
  graph: sampleGraph,
  graphFailure: null,
  positions: samplePositions,
  observedAt: at,
}

/** Every gate of the recorded run, as judged before one. */
export function sampleGates(state: RunState = migrated): readonly GateCheck[] {
  return state.gates.flatMap(gate =>
    gate.answer === null
      ? []
      : [
          {
            gate: gate.gate,
            title: gate.gate.replaceAll('_', ' '),
            why: 'Without it a run could begin that cannot end well.',
            momentary: gate.momentary,
            answer: gate.answer,
            durationMs: gate.durationMs ?? 0,
          },
        ],
  )
}

/** A plan that waits for its approval. */
export const samplePlanView: PlanView = {
  plan: samplePlan,
  record: {
    planId: samplePlan.planId,
    madeAt: at,
    state: 'waiting',
    decision: null,
    moved: [],
    runId: null,
  },
  asked: { target: [], tenants: [] },
  graph: sampleGraph,
  gates: sampleGates(),
  gatesCheckedAt: at,
  moved: [],
  analysis: null,
  possible: [
    { action: 'approve', level: 1, refusal: null },
    { action: 'reject', level: 1, refusal: null },
    { action: 'apply', level: 1, refusal: { kind: 'approval_missing', planId: samplePlan.planId } },
  ],
}

/** A plan waits, one run went well and one was rolled back. */
export const sampleOverview: OverviewView = {
  readiness: {
    verdict: 'waiting_for_approval',
    reason: 'A plan for 6 tenants to 0003 waits for approval.',
    action: { kind: 'open_plan', planId: samplePlan.planId },
  },
  attention: [
    {
      kind: 'waiting',
      text: 'Plan for 6 tenants to 0003 waits for approval.',
      action: { kind: 'open_plan', planId: samplePlan.planId },
    },
  ],
  fleet: {
    target: ['0003'],
    tenants: 6,
    atTarget: 0,
    behind: 6,
    groups: [
      { group: 'canary', tenants: 1, behind: 1 },
      { group: 'rest', tenants: 5, behind: 5 },
    ],
    classes: [
      {
        heads: ['0002'],
        fingerprint: 'a'.repeat(64),
        tenants: samplePositions.map(one => one.tenant),
        isMain: true,
      },
    ],
  },
  failure: null,
  lag: sampleLag.map(series => series.samples.at(-1)!),
  observedAt: at,
}

/** Newest first. */
export const sampleRuns: readonly RunSummary[] = [
  sampleSummary('0.1.0-migrated'),
  sampleSummary('0.1.0-duplicate-rows'),
  sampleSummary('made-stopped-by-gate'),
]

/** Three servers: one with a remembered password, one in a container, one whose password the project file gives. */
export const sampleSecrets: SecretState = {
  storage: 'available',
  why: '',
  servers: [
    { server: 'primary', user: 'lockstep', isConfigured: false },
    { server: 'standby-1', user: null, isConfigured: false },
    { server: 'standby-2', user: 'lockstep', isConfigured: true },
  ],
  remembered: [{ server: 'primary', user: 'lockstep' }],
}

/** A team's own runbook, with everything that prose may hold. */
export const sampleProtocol: ProtocolView = {
  file: 'ops/SKILL.md',
  phases: [
    {
      phase: 'planning',
      heading: 'Planning',
      prose:
        'Every tenant moves from where it stands.\n\n### Lint\n\nRead the findings with `lockstep plan`:\n\n- errors stop\n- warnings are read\n\n```sh\nlockstep plan --json\n```',
    },
    { phase: 'approval', heading: 'Approval', prose: 'Ring the person on duty <b>first</b>.' },
  ],
}

const emptyPage: LogPage = { lines: [], from: 0, total: 0, all: 0 }

/** An engine that answers everything that only reads, from recordings. */
export function createSampleEngine(answers: FakeAnswers = {}): FakeEngine {
  return createFakeEngine({
    'session.read': { value: sampleSession },
    'preferences.read': { value: defaultPreferences },
    'preferences.write': {
      answer: (input: { preferences: typeof defaultPreferences }) => ({ ok: true, value: input.preferences }),
    },
    'secret.state': { value: sampleSecrets },
    'overview.read': { value: sampleOverview },
    'topology.read': { value: sampleTopology },
    'lag.read': { value: sampleLag },
    'plan.read': { value: samplePlanView },
    'plan.make': { value: samplePlanView },
    'plan.check': { value: samplePlanView },
    'plan.rehearse': { value: samplePlanView },
    'protocol.read': { value: sampleProtocol },
    'run.list': { value: sampleRuns },
    'run.read': { value: sampleRunView('0.1.0-migrated') },
    'run.follow': { value: {} },
    'run.unfollow': { value: {} },
    'log.range': { value: emptyPage },
    'log.search': { value: { total: 0, positions: [], problem: null } },
    'log.firstFailure': { value: { position: null, line: null } },
    ...answers,
  })
}
