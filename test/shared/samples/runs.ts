import type { GateName, Verdict } from '../../../shared/plan/verdict.ts'
import type { PhaseName } from '../../../shared/run/phase.ts'
import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'
import type { ServerObservation } from '../../../shared/topology/topology.ts'
import { failureSamples } from './failures.ts'
import { fingerprints, samplePlan, sampleTenants } from './plan.ts'

/** The gates of the time when these runs were recorded: a gate that comes later changes no recording. */
const judgedGates: readonly GateName[] = [
  'revision_graph',
  'capacity',
  'isolation_level',
  'replica_lag',
  'foreign_keys',
  'blocking_queries',
  'tenant_isolation',
]

/** What differs between two runs of the same plan: when, under which id, on which ports, how slow. */
export interface RunMood {
  readonly runId: string
  readonly startAt: number
  readonly stepMs: number
  readonly port: number
}

/** The mood of the recorded samples. */
export const calmMood: RunMood = {
  runId: '01K0000000000000000000000A',
  startAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  stepMs: 37,
  port: 5433,
}

type Facts = readonly RunFact[]
type MakeFacts = (mood: RunMood) => Facts

/** Puts facts into the envelopes of a run. */
export function envelop(facts: Facts, mood: RunMood = calmMood): readonly RunEvent[] {
  return facts.map(
    (fact, index): RunEvent => ({
      v: 1,
      runId: mood.runId,
      seq: index + 1,
      at: new Date(mood.startAt + index * mood.stepMs).toISOString(),
      ...fact,
    }),
  )
}

const servers = ['primary', 'standby-1', 'standby-2'] as const
const groups = samplePlan.groups.map(group => ({
  name: group.name,
  tenants: group.tenants.map(tenant => tenant.tenant),
}))

function phase(
  name: PhaseName,
  group: string | null,
  message: string,
  inside: Facts,
  mood: RunMood,
  status: 'success' | 'failed' = 'success',
): Facts {
  const volatile = { durationMs: mood.stepMs * (inside.length + 1) }
  return [
    { type: 'phase.started', phase: name, group },
    ...inside,
    { type: 'phase.finished', phase: name, group, status, message, volatile },
  ]
}

function observe(server: (typeof servers)[number], mood: RunMood): RunFact {
  const role = server === 'primary' ? 'primary' : 'standby'
  const observation: ServerObservation = {
    server,
    cluster: 'main',
    declaredRole: role,
    role,
    endpoint: `127.0.0.1:${mood.port + servers.indexOf(server)}`,
    version: 180_004,
    systemIdentifier: String(7_312_345_000 + mood.port),
    timeline: 1,
    replication:
      role === 'primary'
        ? null
        : {
            receiver: 'streaming',
            replayPause: 'not paused',
            receivedLsn: `0/${mood.port.toString(16).toUpperCase()}`,
            replayedLsn: `0/${mood.port.toString(16).toUpperCase()}`,
            lagBytes: mood.stepMs,
            lagSeconds: null,
          },
    failure: null,
  }
  return { type: 'server.observed', server, observation }
}

function judge(gate: string, verdict: Verdict, mood: RunMood): Facts {
  const momentary = gate === 'replica_lag' || gate === 'blocking_queries'
  const value =
    verdict === 'failed' ? '2 orphan rows' : momentary ? `${mood.stepMs} bytes` : 'as it should be'
  return [
    { type: 'gate.started', gate },
    {
      type: 'gate.judged',
      gate,
      momentary,
      answer: {
        verdict,
        value,
        threshold: 'none',
        evidence:
          verdict === 'failed'
            ? [{ tenant: 'birch', fact: 'orders.customer_id: 2 rows without a parent' }]
            : [],
        remedy: verdict === 'failed' ? 'Delete or repair the rows, then run again.' : '',
      },
      volatile: { durationMs: mood.stepMs },
    },
  ]
}

function begin(mood: RunMood): Facts {
  return [
    {
      type: 'run.started',
      project: 'acme',
      toolVersion: '0.1.0',
      intent: { verb: 'run', target: [], tenants: [] },
      volatile: {},
    },
    ...phase(
      'topology_discovery',
      null,
      '5 tenants, 1 primary, 2 standbys',
      [
        ...servers.map(server => observe(server, mood)),
        {
          type: 'tenants.discovered',
          tenants: sampleTenants.map(name => ({
            name,
            cluster: 'main',
            database: `shop_${name}`,
            appRole: `${name}_app`,
          })),
        },
        { type: 'source.described', source: 'alembic', revisions: 3, heads: ['0003'], volatile: {} },
      ],
      mood,
    ),
    { type: 'lock.acquired', cluster: 'main', volatile: { waitedMs: mood.stepMs } },
    ...phase(
      'planning',
      null,
      '5 tenants in 2 groups to 0003',
      [{ type: 'plan.made', plan: samplePlan }],
      mood,
    ),
  ]
}

function approve(mood: RunMood): Facts {
  return [
    ...phase(
      'safety_gate_validation',
      null,
      'every gate opens the way',
      judgedGates.flatMap(gate => judge(gate, gate === 'capacity' ? 'warned' : 'passed', mood)),
      mood,
    ),
    ...phase(
      'approval',
      null,
      'plan 4f1c4f1c4f1c approved',
      [{ type: 'approval.recorded', planId: samplePlan.planId, how: 'flag', volatile: { by: 'ada' } }],
      mood,
    ),
    ...phase(
      'rollback_snapshot',
      null,
      '5 tenants fingerprinted',
      sampleTenants.map(tenant => ({
        type: 'snapshot.taken',
        tenant,
        heads: ['0001'],
        fingerprint: fingerprints.before,
        volatile: {},
      })),
      mood,
    ),
  ]
}

function gidOf(mood: RunMood, group: string, tenant: string): string {
  return `lockstep:${mood.runId}:${group}:${tenant}`
}

function work(group: string, tenant: string, mood: RunMood): Facts {
  return ['0002', '0003'].flatMap(
    (revision, index): Facts => [
      {
        type: 'statement.executed',
        group,
        tenant,
        revision,
        index,
        sql: `-- ${revision}`,
        volatile: { durationMs: mood.stepMs + index, rowCount: null },
      },
      { type: 'revision.applied', group, tenant, revision, volatile: { durationMs: mood.stepMs } },
    ],
  )
}

function voteYes(group: string, tenant: string, mood: RunMood): Facts {
  const volatile = { gid: gidOf(mood, group, tenant), xid: String(mood.port) }
  return [
    { type: 'tenant.started', group, tenant, from: ['0001'], to: ['0003'], volatile: {} },
    ...work(group, tenant, mood),
    { type: 'tenant.voting', group, tenant, volatile },
    {
      type: 'tenant.voted',
      group,
      tenant,
      vote: 'yes',
      failure: null,
      fingerprint: fingerprints.after,
      volatile: { ...volatile, durationMs: mood.stepMs },
    },
  ]
}

function startGroup(group: (typeof groups)[number]): RunFact {
  return { type: 'group.started', group: group.name, mode: 'atomic', tenants: group.tenants, volatile: {} }
}

/** One tenant after another, statement by statement in turns: as tenants that run at the same time arrive. */
export function takeTurns(stories: readonly Facts[]): Facts {
  const longest = Math.max(0, ...stories.map(story => story.length))
  return Array.from({ length: longest }, (_, index) =>
    stories.flatMap(story => story.slice(index, index + 1)),
  ).flat()
}

function commit(group: (typeof groups)[number], mood: RunMood): Facts {
  return [
    { type: 'group.decided', group: group.name, decision: 'commit', failure: null },
    ...group.tenants.map(
      (tenant): RunFact => ({
        type: 'tenant.committed',
        group: group.name,
        tenant,
        volatile: { sinceDecisionMs: mood.stepMs },
      }),
    ),
    {
      type: 'group.finished',
      group: group.name,
      result: 'committed',
      volatile: { windowMs: mood.stepMs * 3 },
    },
  ]
}

function verify(group: (typeof groups)[number], mood: RunMood): Facts {
  const checks = servers.slice(1).map(
    (server): RunFact => ({
      type: 'standby.checked',
      cluster: 'main',
      server,
      group: group.name,
      caughtUp: true,
      failure: null,
      volatile: { waitedMs: mood.stepMs, targetLsn: '0/1', replayedLsn: '0/2', lagBytes: 0 },
    }),
  )
  const comparisons = group.tenants.flatMap(tenant =>
    servers.map(
      (server): RunFact => ({
        type: 'fingerprints.compared',
        tenant,
        server,
        equal: true,
        expected: fingerprints.after,
        found: fingerprints.after,
        objects: [],
      }),
    ),
  )
  return [
    ...phase(
      'replica_sync_validation',
      group.name,
      'every standby has the group and its schema',
      [...checks, ...comparisons],
      mood,
    ),
    ...phase(
      'smoke_test',
      group.name,
      'every smoke test passed',
      [
        {
          type: 'smoke.judged',
          test: 'tenant_isolation',
          group: group.name,
          momentary: false,
          answer: { verdict: 'passed', value: 'no way in', threshold: 'no way in', evidence: [], remedy: '' },
          volatile: { durationMs: mood.stepMs },
        },
      ],
      mood,
    ),
  ]
}

function finish(fact: Omit<Extract<RunFact, { type: 'run.finished' }>, 'type' | 'volatile'>): RunFact {
  return { type: 'run.finished', ...fact, volatile: {} }
}

const canary = groups[0]!
const rest = groups[1]!

function voteOfFleet(mood: RunMood): Facts {
  return groups.flatMap(group => [
    startGroup(group),
    ...takeTurns(group.tenants.map(tenant => voteYes(group.name, tenant, mood))),
  ])
}

/** Two groups voted, committed and verified. */
export const makeMigratedRun: MakeFacts = mood => [
  ...begin(mood),
  ...approve(mood),
  ...phase(
    'migration_execution',
    'canary',
    'committed',
    [...voteOfFleet(mood), ...commit(canary, mood)],
    mood,
  ),
  ...verify(canary, mood),
  ...phase('migration_execution', 'rest', 'committed', commit(rest, mood), mood),
  ...verify(rest, mood),
  finish({ outcome: 'migrated', exitCode: 0, failure: null }),
]

/** A tenant has duplicate rows: its group and the one before it are rolled back, and proven to be as before. */
export const makeVotedDownRun: MakeFacts = mood => {
  const failure = failureSamples.migration_failed[0]!
  const subject = { group: 'rest', tenant: 'birch' }
  const refusal: Facts = [
    { type: 'tenant.started', ...subject, from: ['0001'], to: ['0003'], volatile: {} },
    { type: 'tenant.voted', ...subject, vote: 'no', failure, fingerprint: null, volatile: {} },
  ]
  const others = ['cedar', 'dogwood'].map(tenant => voteYes('rest', tenant, mood))
  const rollBack = (group: string, tenants: readonly string[], cause: typeof failure | null): Facts => [
    { type: 'group.decided', group, decision: 'rollback', failure: cause },
    ...tenants.map(
      (tenant): RunFact => ({
        type: 'tenant.rolled_back',
        group,
        tenant,
        how: tenant === 'birch' ? 'transaction' : 'prepared',
        volatile: {},
      }),
    ),
    { type: 'group.finished', group, result: 'rolled_back', volatile: { windowMs: mood.stepMs * 2 } },
  ]
  return [
    ...begin(mood),
    ...approve(mood),
    ...phase(
      'migration_execution',
      'canary',
      'not committed',
      [
        startGroup(canary),
        ...voteYes('canary', 'ash', mood),
        startGroup(rest),
        ...takeTurns([refusal, ...others]),
      ],
      mood,
      'failed',
    ),
    ...rollBack('canary', ['ash'], failure),
    ...rollBack('rest', ['birch', 'cedar', 'dogwood'], failure),
    ...phase(
      'rollback',
      null,
      '5 tenants proven to be as they were',
      sampleTenants.map(tenant => ({
        type: 'rollback.proven',
        tenant,
        equal: true,
        before: fingerprints.before,
        found: fingerprints.before,
      })),
      mood,
    ),
    finish({ outcome: 'rolled_back', exitCode: 5, failure }),
  ]
}

/** A gate fails: nothing was begun. */
export const makeStoppedRun: MakeFacts = mood => [
  ...begin(mood),
  ...phase(
    'safety_gate_validation',
    null,
    'stopped by foreign_keys',
    judgedGates.flatMap(gate => judge(gate, gate === 'foreign_keys' ? 'failed' : 'passed', mood)),
    mood,
    'failed',
  ),
  finish({
    outcome: 'stopped_by_gate',
    exitCode: 3,
    failure: { kind: 'gates_stopped', gates: ['foreign_keys'] },
  }),
]

/** The process dies right after the decision; a recovery rolls forward. */
export const makeRecoveredRun: MakeFacts = mood => [
  ...begin(mood),
  ...approve(mood),
  { type: 'phase.started', phase: 'migration_execution', group: 'canary' },
  startGroup(canary),
  ...voteYes('canary', 'ash', mood),
  { type: 'group.decided', group: 'canary', decision: 'commit', failure: null },
  { type: 'log.repaired', volatile: { bytes: 17 } },
  { type: 'recovery.started', volatile: {} },
  ...phase(
    'rollback',
    null,
    'no vote is left open',
    [{ type: 'recovery.settled', tenant: 'ash', how: 'rolled_forward', volatile: {} }],
    mood,
  ),
  ...verify(canary, mood),
  finish({ outcome: 'needs_human', exitCode: 6, failure: null }),
]

/** Every tenant is at the target. */
export const makeIdleRun: MakeFacts = mood => {
  const idle = {
    ...samplePlan,
    routes: [],
    groups: samplePlan.groups.map(group => ({
      ...group,
      tenants: group.tenants.map(tenant => ({ ...tenant, route: null, from: ['0003'] })),
    })),
  }
  return [
    ...begin(mood).map(fact => (fact.type === 'plan.made' ? { ...fact, plan: idle } : fact)),
    finish({ outcome: 'nothing_to_do', exitCode: 0, failure: null }),
  ]
}

/** The sample runs by name. */
export const sampleRuns: Readonly<Record<string, MakeFacts>> = {
  'made-migrated': makeMigratedRun,
  'made-voted-down': makeVotedDownRun,
  'made-stopped-by-gate': makeStoppedRun,
  'made-crashed-and-recovered': makeRecoveredRun,
  'made-nothing-to-do': makeIdleRun,
}
