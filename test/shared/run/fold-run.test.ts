import { describe, expect, it } from 'vitest'
import { foldAll, foldRun } from '../../../shared/run/fold-run.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'
import { initialRunState, type RunState } from '../../../shared/run/run-state.ts'
import { eventSamples } from '../samples/events.ts'
import { fingerprints, samplePlan } from '../samples/plan.ts'
import {
  calmMood,
  envelop,
  makeIdleRun,
  makeMigratedRun,
  makeRecoveredRun,
  makeStoppedRun,
  makeVotedDownRun,
} from '../samples/runs.ts'

function fold(facts: readonly RunFact[]): RunState {
  return foldAll(envelop(facts))
}

function statuses(state: RunState): Readonly<Record<string, string>> {
  return Object.fromEntries(state.tenants.map(tenant => [tenant.tenant, tenant.status]))
}

describe('the state of whole runs', () => {
  it('ends a migrated run with every tenant committed and compared', () => {
    const state = fold(makeMigratedRun(calmMood))
    expect(new Set(Object.values(statuses(state)))).toEqual(new Set(['committed']))
    expect(state.groups.map(group => [group.group, group.decision, group.result])).toEqual([
      ['canary', 'commit', 'committed'],
      ['rest', 'commit', 'committed'],
    ])
    expect(state.phases.every(phase => phase.status === 'success')).toBe(true)
    expect(state.phases.map(phase => [phase.phase, phase.group]).slice(5)).toEqual([
      ['migration_execution', 'canary'],
      ['replica_sync_validation', 'canary'],
      ['smoke_test', 'canary'],
      ['migration_execution', 'rest'],
      ['replica_sync_validation', 'rest'],
      ['smoke_test', 'rest'],
    ])
    expect(state).toMatchObject({
      outcome: 'migrated',
      exitCode: 0,
      project: 'acme',
      lockedClusters: ['main'],
    })
    expect(state.tenants[1]).toMatchObject({
      from: ['0001'],
      to: ['0003'],
      attempts: 1,
      statements: 2,
      revisions: ['0002', '0003'],
      fingerprintBefore: fingerprints.before,
      fingerprintAfter: fingerprints.after,
      gid: `lockstep:${calmMood.runId}:rest:birch`,
    })
    expect(state.statements).toMatchObject([
      { revision: '0002', index: 0, executions: 5, totalMs: 185 },
      { revision: '0003', index: 1, executions: 5, totalMs: 190 },
    ])
    expect(state.standbys).toMatchObject([
      { server: 'standby-1', caughtUp: true, group: 'rest', lagBytes: 0 },
      { server: 'standby-2', caughtUp: true },
    ])
    expect(state.comparisons).toHaveLength(15)
  })

  it('tells the tenant that voted no from those that went with it', () => {
    const state = fold(makeVotedDownRun(calmMood))
    expect(statuses(state)).toEqual({
      ash: 'rolled_back',
      birch: 'failed',
      cedar: 'rolled_back',
      dogwood: 'rolled_back',
      elm: 'waiting',
    })
    expect(state.tenants[1]).toMatchObject({
      rolledBack: 'transaction',
      failure: { kind: 'migration_failed' },
    })
    expect(state.proofs).toHaveLength(5)
  })

  it('keeps the answers of a run that a gate stopped', () => {
    const state = fold(makeStoppedRun(calmMood))
    expect(state.gates.filter(gate => gate.answer?.verdict === 'failed').map(gate => gate.gate)).toEqual([
      'foreign_keys',
    ])
    expect(state.gates.every(gate => gate.answer !== null && gate.judgedAt !== null)).toBe(true)
    expect(new Set(Object.values(statuses(state)))).toEqual(new Set(['waiting']))
  })

  it('marks what was open when the process died, and settles it by the recovery', () => {
    const state = fold(makeRecoveredRun(calmMood))
    expect(state.phases.find(phase => phase.phase === 'migration_execution')?.status).toBe('interrupted')
    expect(statuses(state)).toMatchObject({ ash: 'committed', birch: 'waiting' })
    expect(state.groups.map(group => [group.group, group.result])).toEqual([
      ['canary', 'committed'],
      ['rest', null],
    ])
    expect(state.counters).toMatchObject({ recoveries: 1, repairs: 1 })
  })

  it('knows tenants that were at the target before', () => {
    expect(new Set(Object.values(statuses(fold(makeIdleRun(calmMood)))))).toEqual(new Set(['up_to_date']))
  })
})

describe('single steps', () => {
  const subject = { group: 'rest', tenant: 'birch' }
  const started: RunFact = { type: 'tenant.started', ...subject, from: ['0001'], to: ['0003'], volatile: {} }
  const statement = eventSamples['statement.executed'][0]!
  const voted = eventSamples['tenant.voted'][0]!
  const planned: RunFact = { type: 'plan.made', plan: samplePlan }

  function birch(facts: readonly RunFact[]) {
    return fold([planned, ...facts]).tenants.find(tenant => tenant.tenant === 'birch')
  }

  it('begins a tenant again after a lost lock race', () => {
    const retried: RunFact = { type: 'tenant.retried', ...subject, volatile: {} }
    expect(birch([started, statement, statement, retried, statement])).toMatchObject({
      attempts: 2,
      statements: 1,
      status: 'running',
    })
  })

  it('takes a yes of a group that is not atomic for a commit', () => {
    const group: RunFact = {
      type: 'group.started',
      group: 'rest',
      mode: 'independent',
      tenants: ['birch'],
      volatile: {},
    }
    const yes: RunFact = { ...voted, volatile: {} }
    expect(birch([group, started, yes])?.status).toBe('committed')
    expect(birch([started, yes])?.status).toBe('prepared')
  })

  it('takes a yes without a gid for a commit, also in an atomic group', () => {
    expect(birch([started, { ...voted, volatile: { gid: null } }])?.status).toBe('committed')
  })

  it('keeps where a tenant came from when its steps run one by one', () => {
    expect(birch([started, { ...started, from: ['0002'] }])?.from).toEqual(['0001'])
  })

  it('knows lag that is unknown from lag that is zero', () => {
    const [known, unknown] = eventSamples['lag.sampled']
    expect(fold([known!]).standbys[0]?.lagBytes).toBe(2_400_000)
    expect(fold([known!, unknown!]).standbys[0]?.lagBytes).toBeNull()
  })

  it('takes a tenant that died under way and is proven as before for rolled back', () => {
    const proven = eventSamples['rollback.proven'][0]!
    expect(birch([started, proven])?.status).toBe('rolled_back')
    expect(birch([started, { ...proven, equal: false }])?.status).toBe('running')
  })

  it('lets a group whose end was lost end as its tenants did, once a recovery has settled them', () => {
    const group: RunFact = {
      type: 'group.started',
      group: 'rest',
      mode: 'atomic',
      tenants: ['birch'],
      volatile: {},
    }
    const recovered: RunFact = { type: 'recovery.started', volatile: {} }
    const proven = eventSamples['rollback.proven'][0]!
    const [, finished] = eventSamples['run.finished']
    const restOf = (...facts: readonly RunFact[]) =>
      fold([planned, group, started, recovered, ...facts, finished!]).groups.find(one => one.group === 'rest')
        ?.result
    expect(restOf(proven)).toBe('rolled_back')
    expect(restOf({ type: 'tenant.committed', ...subject, volatile: {} })).toBe('committed')
    expect(restOf()).toBeNull()
  })

  it('takes back the end of a run when a recovery begins', () => {
    const [, finished] = eventSamples['run.finished']
    expect(fold([finished!])).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(fold([finished!, { type: 'recovery.started', volatile: {} }])).toMatchObject({
      outcome: null,
      exitCode: null,
      failure: null,
    })
  })

  it('does not keep that somebody could not be proven, once a recovery looks again', () => {
    const proven = eventSamples['rollback.proven'][0]!
    const unproven: RunFact = { ...proven, equal: false }
    const recovered: RunFact = { type: 'recovery.started', volatile: {} }
    expect(fold([unproven]).proofs).toMatchObject([{ equal: false }])
    expect(fold([unproven, recovered]).proofs).toEqual([])
    expect(fold([unproven, recovered, unproven]).proofs).toMatchObject([{ equal: false }])
    expect(fold([proven, recovered]).proofs).toMatchObject([{ equal: true }])
  })

  it('folds every event from any state without changing what it was given', () => {
    for (const facts of Object.values(eventSamples)) {
      for (const event of envelop(facts)) {
        const before = Object.freeze(structuredClone(initialRunState))
        const after = foldRun(before, event)
        expect(after.counters.events).toBe(1)
        expect(before).toEqual(initialRunState)
      }
    }
  })
})
