import { describe, expect, it } from 'vitest'
import { readDiscovered, readRecord } from '../../../electron/engine/recovery/read-record.ts'
import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'
import { makePlanned } from '../sample-plans.ts'

const number = (facts: readonly RunFact[]): readonly RunEvent[] =>
  facts.map((fact, index) => ({ v: 1, runId: 'run', seq: index + 1, at: '', ...fact }))

const made: RunFact = { type: 'plan.made', plan: makePlanned() }
const decided = (group: string, decision: 'commit' | 'rollback'): RunFact => ({
  type: 'group.decided',
  group,
  decision,
  failure: null,
})
const voting = (tenant: string): RunFact => ({
  type: 'tenant.voting',
  group: 'rest',
  tenant,
  volatile: { gid: `gid of ${tenant}`, xid: '7' },
})

describe('the record of a dead run', () => {
  it('is none before there was a plan', () => {
    expect(readRecord([])).toBeNull()
    expect(readRecord(number([{ type: 'phase.started', phase: 'planning', group: null }]))).toBeNull()
  })

  it('compares with the snapshots, and with the plan where there are none', () => {
    const taken: RunFact = {
      type: 'snapshot.taken',
      tenant: 'birch',
      heads: ['0001'],
      fingerprint: 'at the snapshot',
      volatile: {},
    }
    const snapshots = readRecord(number([made, taken]))?.snapshots
    expect(snapshots?.get('birch')?.fingerprint).toBe('at the snapshot')
    expect(snapshots?.get('acorn')).toMatchObject({ heads: ['0001'], fingerprint: 'as before' })
  })

  it('holds the last decision of each group', () => {
    const events = number([
      made,
      decided('canary', 'commit'),
      decided('rest', 'commit'),
      decided('rest', 'rollback'),
    ])
    expect([...(readRecord(events)?.decisions ?? [])]).toEqual([
      ['canary', 'commit'],
      ['rest', 'rollback'],
    ])
  })

  it('names who may still be about to vote, and who has come to an end', () => {
    const started = (tenant: string): RunFact => ({
      type: 'tenant.started',
      group: 'rest',
      tenant,
      from: [],
      to: [],
      volatile: {},
    })
    const committed: RunFact = { type: 'tenant.committed', group: 'rest', tenant: 'birch', volatile: {} }
    const events = number([
      made,
      started('birch'),
      started('cedar'),
      voting('birch'),
      voting('cedar'),
      committed,
    ])
    const record = readRecord(events)
    expect(record?.openBallots.map(ballot => [ballot.tenant, ballot.gid, ballot.xid])).toEqual([
      ['birch', 'gid of birch', '7'],
      ['cedar', 'gid of cedar', '7'],
    ])
    expect([...(record?.begun ?? [])]).toEqual(['birch', 'cedar'])
    expect([...(record?.ended ?? [])]).toEqual(['birch'])
  })

  it('knows the tenants as they were found then, whatever the configuration says now', () => {
    const tenant = { name: 'birch', cluster: 'main', database: 'birch', appRole: 'birch_app' }
    const events = number([{ type: 'tenants.discovered', tenants: [tenant] }])
    expect(readDiscovered(events)).toEqual([tenant])
    expect(readDiscovered([])).toBeNull()
  })
})
