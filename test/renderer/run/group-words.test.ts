import { describe, expect, it } from 'vitest'
import {
  describeDecision,
  describeGroupMode,
  describeWindow,
  statusOfGroup,
} from '../../../renderer/screens/run/evidence/group-words.ts'
import type { GroupState } from '../../../shared/run/run-state.ts'

const committed: GroupState = {
  group: 'rest',
  wave: 2,
  mode: 'atomic',
  tenants: ['ash', 'birch'],
  started: true,
  decision: 'commit',
  failure: null,
  result: 'committed',
  windowMs: 620,
}

describe('a group as evidence', () => {
  it('says how it was held together, what was decided, and how long readers may have waited', () => {
    expect(describeGroupMode(committed)).toBe('atomic: all or none')
    expect(describeDecision(committed)).toBe('commit')
    expect(statusOfGroup(committed)).toEqual({ status: 'passed', word: 'committed' })
    expect(describeWindow(committed)).toBe('readers waited up to 620 ms')
  })

  it('that could not be settled never looks like a pass', () => {
    expect(statusOfGroup({ ...committed, result: 'unsettled' }).status).toBe('errored')
    expect(statusOfGroup({ ...committed, result: 'partial' }).status).toBe('warned')
  })

  it('whose tenants go alone has no decision and no window of its own', () => {
    const alone: GroupState = { ...committed, mode: 'independent', decision: null, windowMs: null }
    expect(describeDecision(alone)).toBe('each tenant its own')
    expect(describeWindow(alone)).toBe('each tenant only while its own statements ran')
  })

  it('that was not reached locked nothing, and one without a measure does not say zero', () => {
    const waiting: GroupState = { ...committed, started: false, decision: null, result: null, windowMs: null }
    expect(statusOfGroup(waiting)).toEqual({ status: 'pending', word: 'not started' })
    expect(describeDecision(waiting)).toBe('not yet')
    expect(describeWindow(waiting)).toBe('nothing was locked')
    expect(describeDecision({ ...waiting, result: 'skipped' })).toBe('none')
    expect(describeWindow({ ...committed, windowMs: null })).toBe('not measured')
  })
})
