import type { RunEventType, RunFact } from '../../../shared/run/run-event.ts'
import { failureSamples } from './failures.ts'
import { samplePlan } from './plan.ts'
import { sampleProposal } from './proposal.ts'

const tenant = { group: 'rest', tenant: 'birch' }
const refusal = failureSamples.migration_failed[0]!
const answer = {
  verdict: 'failed',
  value: '2 orphan rows',
  threshold: '0 orphan rows',
  evidence: [{ tenant: 'birch', fact: 'orders.customer_id -> customers: 2 rows without a parent' }],
  remedy: 'Delete or repair the rows, then validate the constraint.',
} as const
const observed = {
  server: 'standby-1',
  cluster: 'main',
  declaredRole: 'standby',
  role: 'standby',
  endpoint: '127.0.0.1:5433',
  version: 180_004,
  systemIdentifier: '7312345678901234567',
  timeline: 1,
  replication: {
    receiver: 'streaming',
    replayPause: 'not paused',
    receivedLsn: '0/3000148',
    replayedLsn: '0/3000148',
    lagBytes: 0,
    lagSeconds: null,
  },
  failure: null,
} as const

/** An event of every type; the compiler refuses a type without one. */
export const eventSamples: {
  readonly [T in RunEventType]: readonly Extract<RunFact, { readonly type: T }>[]
} = {
  'run.started': [
    {
      type: 'run.started',
      project: 'acme',
      toolVersion: '0.1.0',
      intent: { verb: 'run', target: [], tenants: [] },
      volatile: {},
    },
    {
      type: 'run.started',
      project: 'acme',
      toolVersion: '0.1.0',
      intent: { verb: 'run', target: ['0003'], tenants: ['birch', 'c*'] },
      volatile: {},
    },
  ],
  'phase.started': [
    { type: 'phase.started', phase: 'planning', group: null },
    { type: 'phase.started', phase: 'smoke_test', group: 'rest' },
  ],
  'phase.finished': [
    {
      type: 'phase.finished',
      phase: 'planning',
      group: null,
      status: 'success',
      message: '5 tenants in 2 groups to 0003',
      volatile: { durationMs: 412 },
    },
    {
      type: 'phase.finished',
      phase: 'migration_execution',
      group: 'rest',
      status: 'failed',
      message: 'stopped by an error',
      volatile: {},
    },
  ],
  'server.observed': [
    { type: 'server.observed', server: 'standby-1', observation: observed },
    {
      type: 'server.observed',
      server: 'standby-1',
      observation: { ...observed, role: 'primary', replication: null },
    },
    {
      type: 'server.observed',
      server: 'standby-1',
      observation: {
        ...observed,
        role: 'unreachable',
        version: null,
        systemIdentifier: null,
        timeline: null,
        replication: null,
        failure: failureSamples.server_unreachable[0]!,
      },
    },
  ],
  'tenants.discovered': [
    {
      type: 'tenants.discovered',
      tenants: ['ash', 'birch'].map(name => ({
        name,
        cluster: 'main',
        database: `shop_${name}`,
        appRole: null,
      })),
    },
  ],
  'source.described': [
    { type: 'source.described', source: 'alembic', revisions: 3, heads: ['0003'], volatile: {} },
    { type: 'source.described', source: 'sql', revisions: 1, heads: [], volatile: {} },
  ],
  'lock.acquired': [{ type: 'lock.acquired', cluster: 'main', volatile: { waitedMs: 3 } }],
  'plan.made': [{ type: 'plan.made', plan: samplePlan }],
  'plan.foreseen': [
    {
      type: 'plan.foreseen',
      findings: [],
      classes: [{ fingerprint: 'f1', heads: ['0001'], tenants: ['acme', 'birch'], isMain: true }],
      rehearsed: false,
      notRehearsed: 'this plan has not been rehearsed: lockstep plan --rehearse',
    },
  ],
  'gate.started': [{ type: 'gate.started', gate: 'foreign_keys' }],
  'gate.judged': [
    { type: 'gate.judged', gate: 'foreign_keys', momentary: false, answer, volatile: {} },
    {
      type: 'gate.judged',
      gate: 'replica_lag',
      momentary: true,
      answer: { ...answer, verdict: 'inconclusive', value: '', threshold: '' },
      volatile: {},
    },
  ],
  'approval.recorded': (['flag', 'prompt', 'named', 'api'] as const).map(how => ({
    type: 'approval.recorded',
    planId: samplePlan.planId,
    how,
    volatile: { by: 'ada' },
  })),
  'snapshot.taken': [
    { type: 'snapshot.taken', tenant: 'birch', heads: [], fingerprint: 'e'.repeat(64), volatile: {} },
    {
      type: 'snapshot.taken',
      tenant: 'cedar',
      heads: ['0002'],
      fingerprint: 'e'.repeat(64),
      copy: { kind: 'dump', verified: true },
      volatile: { bytes: 1_234_567, location: 'snapshots/1/cedar.dump', checksum: 'd'.repeat(64) },
    },
  ],
  'snapshot.copying': [
    {
      type: 'snapshot.copying',
      tenant: 'cedar',
      kind: 'dump',
      volatile: { doneBytes: 1_000_000, totalBytes: 9_000_000 },
    },
  ],
  'rollback.proposed': [{ type: 'rollback.proposed', proposal: sampleProposal() }],
  'writes.noted': [
    { type: 'writes.noted', tenant: 'birch', known: true, why: '', volatile: { baseline: 4, mark: '5/' } },
    { type: 'writes.noted', tenant: 'birch', known: false, why: 'track_counts is off', volatile: {} },
  ],
  'tenant.restoring': (['prepared', 'closed', 'swapped', 'reopened', 'discarded'] as const).map(step => ({
    type: 'tenant.restoring',
    ...tenant,
    step,
    volatile: { prepared: 'lockstep_restore_1_birch', kept: 'lockstep_failed_1_birch' },
  })),
  'group.started': [
    { type: 'group.started', group: 'rest', mode: 'atomic', tenants: ['birch', 'cedar'], volatile: {} },
  ],
  'tenant.started': [{ type: 'tenant.started', ...tenant, from: [], to: ['0003'], volatile: {} }],
  'statement.executed': [
    {
      type: 'statement.executed',
      ...tenant,
      revision: '0003',
      index: 0,
      sql: 'alter table users\n  add column email_verified boolean not null default false',
      volatile: { durationMs: 3.2, rowCount: null },
    },
  ],
  'revision.applied': [
    { type: 'revision.applied', ...tenant, revision: '0003', volatile: { durationMs: 41 } },
  ],
  'tenant.voting': [{ type: 'tenant.voting', ...tenant, volatile: { gid: 'lockstep:x', xid: '7124' } }],
  'tenant.voted': [
    {
      type: 'tenant.voted',
      ...tenant,
      vote: 'yes',
      failure: null,
      fingerprint: 'f'.repeat(64),
      volatile: { gid: 'lockstep:x', xid: '7124', durationMs: 88 },
    },
    { type: 'tenant.voted', ...tenant, vote: 'no', failure: refusal, fingerprint: null, volatile: {} },
  ],
  'group.decided': [
    { type: 'group.decided', group: 'rest', decision: 'commit', failure: null },
    { type: 'group.decided', group: 'rest', decision: 'rollback', failure: refusal },
    { type: 'group.decided', group: 'rest', decision: 'rollback', failure: null },
  ],
  'tenant.committed': [{ type: 'tenant.committed', ...tenant, volatile: {} }],
  'tenant.rolled_back': [
    { type: 'tenant.rolled_back', ...tenant, how: 'transaction', volatile: {} },
    { type: 'tenant.rolled_back', ...tenant, how: 'prepared', volatile: {} },
  ],
  'tenant.unsettled': [
    { type: 'tenant.unsettled', ...tenant, failure: failureSamples.connection_lost[0]!, volatile: {} },
  ],
  'group.finished': [
    { type: 'group.finished', group: 'rest', result: 'committed', volatile: { windowMs: 131 } },
    { type: 'group.finished', group: 'rest', result: 'rolled_back', volatile: {} },
  ],
  'standby.checked': [
    {
      type: 'standby.checked',
      cluster: 'main',
      server: 'standby-1',
      group: 'rest',
      caughtUp: true,
      failure: null,
      volatile: { waitedMs: 12, targetLsn: '0/3000148', replayedLsn: '0/3000148', lagBytes: 0 },
    },
    {
      type: 'standby.checked',
      cluster: 'main',
      server: 'standby-1',
      group: 'rest',
      caughtUp: false,
      failure: failureSamples.replica_behind[0]!,
      volatile: {},
    },
  ],
  'fingerprints.compared': [
    {
      type: 'fingerprints.compared',
      tenant: 'birch',
      server: 'standby-1',
      equal: true,
      expected: 'f'.repeat(64),
      found: 'f'.repeat(64),
      objects: [],
    },
    {
      type: 'fingerprints.compared',
      tenant: 'birch',
      server: 'standby-1',
      equal: false,
      expected: 'f'.repeat(64),
      found: 'a'.repeat(64),
      objects: ['table public.extra'],
    },
  ],
  'smoke.judged': [
    { type: 'smoke.judged', test: 'tenant_isolation', group: 'rest', momentary: false, answer, volatile: {} },
  ],
  'hook.judged': [
    {
      type: 'hook.judged',
      hook: 'change window',
      kind: 'executable',
      moment: 'before',
      phase: 'approval',
      group: null,
      tenant: null,
      answer,
      volatile: { durationMs: 12 },
    },
    {
      type: 'hook.judged',
      hook: 'no orphans',
      kind: 'sql',
      moment: 'after',
      phase: 'migration_execution',
      group: 'rest',
      tenant: 'birch',
      answer,
      volatile: {},
    },
  ],
  'rollback.proven': [
    { type: 'rollback.proven', tenant: 'birch', equal: true, before: 'e'.repeat(64), found: 'e'.repeat(64) },
    { type: 'rollback.proven', tenant: 'birch', equal: false, before: 'e'.repeat(64), found: 'unreadable' },
  ],
  'run.interrupted': [
    { type: 'run.interrupted', signal: 'SIGINT' },
    { type: 'run.interrupted', signal: 'abort' },
  ],
  'recovery.started': [{ type: 'recovery.started', volatile: {} }],
  'recovery.settled': (
    ['rolled_forward', 'rolled_back', 'already_committed', 'already_rolled_back'] as const
  ).map(how => ({ type: 'recovery.settled', tenant: 'birch', how, volatile: {} })),
  'log.repaired': [{ type: 'log.repaired', volatile: { bytes: 17 } }],
  'run.finished': [
    { type: 'run.finished', outcome: 'migrated', exitCode: 0, failure: null, volatile: {} },
    { type: 'run.finished', outcome: 'rolled_back', exitCode: 5, failure: refusal, volatile: {} },
  ],
  'tenant.retried': [
    { type: 'tenant.retried', ...tenant, volatile: { attempt: 2, sqlstate: '55P03', delayMs: 90 } },
    { type: 'tenant.retried', ...tenant, volatile: {} },
  ],
  'replay.judged': [
    {
      ...{ type: 'replay.judged', ...tenant, covers: 'class', difference: '' },
      revisions: [
        { revision: '0001', reason: '' },
        { revision: '0002', reason: '' },
      ],
      volatile: {},
    },
    {
      ...{ type: 'replay.judged', ...tenant, covers: 'class', difference: '' },
      revisions: [
        { revision: '0001', reason: '' },
        { revision: '0002', reason: 'reads rows', line: 14 },
      ],
      volatile: {},
    },
    {
      ...{ type: 'replay.judged', ...tenant, covers: 'tenant', difference: 'the search path is another' },
      revisions: [{ revision: '0001', reason: '' }],
      volatile: {},
    },
  ],
  'lag.sampled': [
    { type: 'lag.sampled', cluster: 'main', server: 'standby-1', volatile: { lagBytes: 2_400_000 } },
    { type: 'lag.sampled', cluster: 'main', server: 'standby-1', volatile: { lagBytes: null } },
  ],
  'run.pausing': [{ type: 'run.pausing', volatile: { by: 'ada' } }],
  'run.paused': [{ type: 'run.paused', before: 'group rest', volatile: {} }],
  'run.resumed': [{ type: 'run.resumed', volatile: { by: 'ada' } }],
}
