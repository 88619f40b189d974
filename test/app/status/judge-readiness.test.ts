import { describe, expect, it } from 'vitest'
import { judgeReadiness, type ReadinessFacts } from '../../../electron/app/status/judge-readiness.ts'

const calm: ReadinessFacts = {
  hasProject: true,
  failure: null,
  blocked: null,
  activeRun: null,
  unproven: null,
  fleet: { target: ['0003'], tenants: 6, behind: 6 },
  plan: null,
}
const plan = { planId: 'a'.repeat(64), state: 'waiting', tenants: 6, target: ['0003'], gates: [] } as const
const failing = {
  gate: 'foreign_keys',
  answer: {
    verdict: 'failed',
    value: '2 orphan rows',
    threshold: '0 orphan rows',
    evidence: [{ tenant: 'cedar', fact: 'orders.customer_id: 2 rows without a parent.' }],
    remedy: '',
  },
} as const

/** What a person reads, with where the next action leads. */
function read(facts: Partial<ReadinessFacts>): string {
  const { verdict, reason, action } = judgeReadiness({ ...calm, ...facts })
  return `${verdict} | ${reason} | ${action.kind}`
}

describe('the answer to "may I migrate now?"', () => {
  it.each<[string, Partial<ReadinessFacts>]>([
    ['no project', { hasProject: false }],
    ['tenants behind', {}],
    ['one tenant behind', { fleet: { target: ['0003'], tenants: 6, behind: 1 } }],
    ['nobody behind', { fleet: { target: ['0003'], tenants: 6, behind: 0 } }],
    ['a plan that waits', { plan }],
    ['an approved plan', { plan: { ...plan, state: 'approved' } }],
    ['a plan with a failed gate', { plan: { ...plan, gates: [failing] } }],
    [
      'a plan with a gate that could not be judged',
      {
        plan: {
          ...plan,
          gates: [
            {
              gate: 'replica_lag',
              answer: {
                ...failing.answer,
                verdict: 'inconclusive',
                evidence: [{ server: 'standby-1', fact: 'no answer' }],
              },
            },
          ],
        },
      },
    ],
    ['a run at work', { activeRun: { runId: '01K', control: 'running' }, plan }],
    ['a paused run', { activeRun: { runId: '01K', control: 'paused' } }],
    [
      'a run that was cut off',
      { blocked: { kind: 'run_unfinished', runId: '01K', prepared: ['acorn'] }, plan },
    ],
    ['a run of somebody else', { blocked: { kind: 'run_locked', cluster: 'main', holder: 'lockstep 01K' } }],
    ['a mixed state', { unproven: { runId: '01K' } }],
    ['steps left outside of a transaction', { unproven: { runId: '01K', hasStepsLeft: true } }],
    [
      'servers that do not answer',
      {
        fleet: null,
        failure: { kind: 'server_unreachable', server: 'db-1', endpoint: 'db-1:5432', code: 'ECONNREFUSED' },
      },
    ],
    ['nothing known', { fleet: null }],
  ])('with %s', (_title, facts) => {
    expect(read(facts)).toMatchSnapshot()
  })
})
