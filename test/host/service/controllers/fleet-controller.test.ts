import { describe, expect, it } from 'vitest'
import { howLongToKeep } from '../../../../electron/host/service/controllers/fleet-controller.ts'
import { samplePlan } from '../../../shared/samples/plan.ts'

describe('a reading of the fleet', () => {
  it('that was cheap is made again after seconds, as is one that could not be planned on', () => {
    expect(howLongToKeep({ plan: samplePlan }, 120)).toBe(4_000)
    expect(howLongToKeep({ plan: null }, 60_000)).toBe(4_000)
  })

  it('that was work for the servers takes a tenth of their time at most, and is not older than five minutes', () => {
    expect(howLongToKeep({ plan: samplePlan }, 10_000)).toBe(90_000)
    expect(howLongToKeep({ plan: samplePlan }, 50_000)).toBe(300_000)
  })
})
