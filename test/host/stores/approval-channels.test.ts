import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ApprovalOptions, createApprovals } from '../../../electron/host/stores/approval-channels.ts'
import { readSavedPlan, savePlan } from '../../../electron/host/stores/plan-files.ts'
import type { Plan } from '../../../shared/plan/plan.ts'

let plansFolder: string

beforeEach(() => {
  plansFolder = mkdtempSync(join(tmpdir(), 'lockstep-plans-'))
})

afterEach(() => rmSync(plansFolder, { recursive: true, force: true }))

const planWith = (planId: string): Plan => ({
  planId,
  source: 'sql',
  target: ['0002'],
  vote: 'fleet',
  routes: [],
  groups: [],
  gatesHash: '',
  notes: [],
})

const current = planWith('a1b2c3d4'.padEnd(64, '0'))
const earlier = planWith('a1ffffff'.padEnd(64, '0'))

function ask(options: Partial<ApprovalOptions>) {
  const approvals = createApprovals({
    yes: false,
    planId: null,
    confirmation: null,
    prompt: null,
    plansFolder,
    ...options,
  })
  return approvals.ask(current, new AbortController().signal)
}

describe('approval', () => {
  it('is missing where nobody can be asked', async () => {
    expect(await ask({})).toEqual({ answer: 'nobody_there' })
  })

  it('is a person’s answer where one can be asked', async () => {
    expect(await ask({ prompt: async () => ({ kind: 'acknowledged' }) })).toMatchObject({
      answer: 'approved',
      how: 'prompt',
    })
    expect(await ask({ prompt: async () => null })).toMatchObject({ answer: 'refused' })
  })

  it('by flag asks nobody', async () => {
    const prompt = async () => {
      throw new Error('asked')
    }
    expect(await ask({ yes: true, prompt })).toMatchObject({ answer: 'approved', how: 'flag' })
  })

  it('by plan id is stricter than the flag', async () => {
    const answer = await ask({ yes: true, planId: earlier.planId })
    expect(answer).toMatchObject({ answer: 'approved_plan', planId: earlier.planId, plan: null })
  })

  it('by the beginning of a plan id means the current plan first, then one that is kept', async () => {
    savePlan(plansFolder, earlier)
    expect(await ask({ planId: 'a1b2c3d4' })).toMatchObject({ planId: current.planId })
    expect(await ask({ planId: 'a1ffffff' })).toMatchObject({ planId: earlier.planId, plan: earlier })
  })

  it('by a beginning that is too short to be meant, or that fits two plans, is no plan’s id', async () => {
    savePlan(plansFolder, earlier)
    savePlan(plansFolder, planWith('a1ffffff'.padEnd(64, '1')))
    expect(await ask({ planId: 'a1b2' })).toMatchObject({ planId: 'a1b2', plan: null })
    expect(await ask({ planId: 'a1ffffff' })).toMatchObject({ planId: 'a1ffffff', plan: null })
  })
})

describe('a kept plan', () => {
  it('is read back by its whole id only, and never from outside of its folder', () => {
    savePlan(plansFolder, current)
    expect(readSavedPlan(plansFolder, current.planId)).toEqual(current)
    for (const id of ['', current.planId.slice(0, 12), '../x', `../${current.planId}`])
      expect(readSavedPlan(plansFolder, id)).toBeNull()
  })
})
