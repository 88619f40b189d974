import { describe, expect, it } from 'vitest'
import { type AttentionFacts, listAttention } from '../../../electron/app/status/list-attention.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import type { LagSample } from '../../../shared/api/topology-view.ts'
import { samplePlan } from '../../shared/samples/plan.ts'

const run: RunSummary = {
  runId: '01K2ZQ6J8S3W5T7V9X1Z3B5D7F',
  project: 'shop',
  startedAt: null,
  outcome: null,
  exitCode: null,
  alive: false,
  damage: null,
  isImported: false,
}
const sample: LagSample = {
  server: 'standby-1',
  cluster: 'main',
  at: '2026-01-01T00:00:00.000Z',
  bytes: 10,
  seconds: null,
  state: 'streaming',
}
const nothing: AttentionFacts = {
  plan: null,
  lastRun: null,
  unproven: null,
  blocked: null,
  active: [],
  lag: [sample],
  maxLagBytes: 1_000,
  fleet: null,
  failure: null,
  findings: [],
  others: [],
}

describe('the list of what needs attention', () => {
  it('is empty where all is well', () => {
    expect(listAttention(nothing)).toEqual([])
  })

  it('puts what failed first, then who is needed, what waits, what runs, what is stale, and notes last', () => {
    const items = listAttention({
      ...nothing,
      plan: waitingPlan(),
      lastRun: { ...run, outcome: 'rolled_back' },
      blocked: { kind: 'run_unfinished', runId: run.runId, prepared: [] },
      active: [{ runId: run.runId, startedAt: null, control: 'paused', isOurs: true }],
      lag: [{ ...sample, bytes: 5_000 }],
      fleet: {
        target: ['2'],
        tenants: 2,
        atTarget: 0,
        behind: 2,
        groups: [],
        classes: [
          { heads: ['1'], fingerprint: 'a', tenants: ['acorn'], isMain: true },
          { heads: ['1'], fingerprint: 'b', tenants: ['birch'], isMain: false },
        ],
      },
    })
    expect(items.map(item => `${item.kind}: ${item.text}`)).toEqual([
      'failed: Gate foreign_keys failed: 2 orphan rows',
      'failed: The last run failed and was rolled back',
      'needs_human: A run was cut off and has to be recovered',
      expect.stringMatching(/^waiting: A plan for \d+ tenants? to .+ waits for approval$/),
      'running: A run is paused',
      'stale: standby-1 is 5.0 kB behind, more than 1.0 kB',
      'note: At 1, the schema of birch differs from that of the other tenants',
    ])
  })

  it.each<readonly [LagSample['state'], string | undefined]>([
    ['paused', 'Replay is paused on standby-1'],
    ['not_streaming', 'standby-1 does not stream'],
    ['missing', 'standby-1 does not answer'],
    ['idle', undefined],
    ['streaming', undefined],
  ])('says of a standby that is %s: %s', (state, text) => {
    expect(listAttention({ ...nothing, lag: [{ ...sample, state }] })[0]?.text).toBe(text)
  })

  it('names the run whose votes the servers still hold, also when its log is not here', () => {
    const blocked = { kind: 'run_unfinished', runId: run.runId, prepared: ['a'] } as const
    expect(listAttention({ ...nothing, blocked })).toMatchObject([
      { kind: 'needs_human', action: { kind: 'recover', runId: run.runId } },
    ])
  })
})

function waitingPlan(): NonNullable<AttentionFacts['plan']> {
  const answer = {
    verdict: 'failed',
    value: '2 orphan rows',
    threshold: '0 orphan rows',
    evidence: [],
    remedy: '',
  } as const
  return {
    plan: samplePlan,
    record: {
      planId: samplePlan.planId,
      madeAt: sample.at,
      state: 'waiting',
      decision: null,
      moved: [],
      runId: null,
    },
    gates: [{ gate: 'foreign_keys', title: 'Keys', why: 'Why', momentary: false, answer, durationMs: 1 }],
  }
}
