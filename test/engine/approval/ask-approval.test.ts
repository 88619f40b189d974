import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../electron/config/parse-config.ts'
import { type ApprovalContext, askApproval } from '../../../electron/engine/approval/ask-approval.ts'
import type { ApprovalAnswer } from '../../../electron/engine/ports/approvals.ts'
import type { Confirmation } from '../../../shared/plan/confirmation-level.ts'
import { makePlanned } from '../sample-plans.ts'

const plan = makePlanned()
const named: Confirmation = { kind: 'named', environment: 'acme-prod', reason: 'release 41' }

function configOf(protection: string) {
  const text = JSON.stringify({
    version: 1,
    environment: { name: 'acme-prod', protection },
    servers: [{ name: 'primary' }],
    tenants: { databases: ['*'] },
    migrations: { sql: {} },
  })
  return parseConfig(text, 'lockstep.yml', { env: () => undefined, file: () => undefined })
}

async function ask(action: 'apply' | 'roll_back', protection: string, answer: ApprovalAnswer) {
  const recorded: unknown[] = []
  const context = {
    config: configOf(protection),
    recorder: { recordDurably: async (fact: unknown) => void recorded.push(fact) },
    ports: { approvals: { ask: async () => answer } },
    signal: new AbortController().signal,
  } as unknown as ApprovalContext
  const describeVoid = (): { kind: 'plan_unknown'; planId: string } => ({
    kind: 'plan_unknown',
    planId: 'moved',
  })
  return { failure: await askApproval(context, { action, plan, describeVoid }), recorded }
}

const approved = (confirmation: Confirmation | null): ApprovalAnswer => ({
  answer: 'approved',
  how: 'flag',
  by: 'ada',
  confirmation,
})
const approvedById = (confirmation: Confirmation | null, planId = plan.planId): ApprovalAnswer => ({
  answer: 'approved_plan',
  planId,
  plan: null,
  by: 'ada',
  confirmation,
})

describe.each(['apply', 'roll_back'] as const)('an approval to %s in production', action => {
  it.each<[string, ApprovalAnswer]>([
    ['a flag alone', approved(null)],
    ['a click', approved({ kind: 'acknowledged' })],
    ['the name of another environment', approved({ ...named, environment: 'acme-staging' })],
    ['no reason', approved({ ...named, reason: ' ' })],
    ['the id of the plan alone', approvedById(null)],
  ])('is not given by %s, and nothing is recorded', async (_what, answer) => {
    expect(await ask(action, 'production', answer)).toEqual({
      failure: { kind: 'confirmation_missing', action, level: 3, environment: 'acme-prod' },
      recorded: [],
    })
  })

  it.each<[string, ApprovalAnswer, string]>([
    ['a flag', approved(named), 'flag'],
    ['the id of the plan', approvedById(named), 'named'],
  ])('is given by %s with the name of the environment and a reason', async (_what, answer, how) => {
    const volatile = { by: 'ada', reason: 'release 41' }
    expect(await ask(action, 'production', answer)).toEqual({
      failure: null,
      recorded: [{ type: 'approval.recorded', planId: plan.planId, how, volatile }],
    })
  })

  it('for another plan is void, whatever was confirmed', async () => {
    const { failure, recorded } = await ask(action, 'production', approvedById(named, 'another plan'))
    expect({ failure, recorded }).toEqual({
      failure: { kind: 'plan_unknown', planId: 'moved' },
      recorded: [],
    })
  })

  it('is its own acknowledgement elsewhere', async () => {
    expect((await ask(action, 'shared', approved(null))).failure).toBeNull()
    expect((await ask(action, 'local', approvedById(null))).failure).toBeNull()
  })

  it('is missing where somebody refused, and where nobody is there', async () => {
    const missing = { kind: 'approval_missing', planId: plan.planId }
    expect((await ask(action, 'local', { answer: 'refused', by: 'ada' })).failure).toEqual(missing)
    expect((await ask(action, 'local', { answer: 'nobody_there' })).failure).toEqual(missing)
  })
})
