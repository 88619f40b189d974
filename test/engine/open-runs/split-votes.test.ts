import { describe, expect, it } from 'vitest'
import type { UnsettledVote } from '../../../electron/engine/open-runs/list-open-votes.ts'
import { holdsTenant, splitVotes, type VoteFacts } from '../../../electron/engine/open-runs/split-votes.ts'
import { mayHoldTenant } from '../../../electron/engine/topology/may-hold-tenant.ts'

function vote(runId: string, database: string): UnsettledVote {
  return { runId, gid: `lockstep:${runId}:all:${database}`, server: 'primary', database, owner: 'app' }
}

/** What is in the way, and what is not, each as the databases of its votes. */
function split(votes: readonly UnsettledVote[], runs: VoteFacts['runs'] = []) {
  const { inTheWay, others } = splitVotes(votes, {
    project: 'shop',
    runs,
    holdsTenant: vote => holdsTenant(vote, topology),
  })
  return {
    inTheWay: inTheWay.map(one => one.database),
    others: others.map(({ runId, project, votes }) => [runId, project, votes.map(one => one.database)]),
  }
}

const topology: Parameters<typeof holdsTenant>[1] = {
  clusters: [
    { name: 'main', primary: { server: 'primary' } },
    { name: 'east', primary: { server: 'east-1' } },
  ],
  tenants: [{ name: 'shop_a', database: 'shop_a', cluster: 'main', appRole: null }],
  unreadable: [
    {
      tenant: 'shop_b',
      cluster: 'main',
      failure: { kind: 'database_missing', server: 'primary', database: 'shop_b' },
    },
  ],
  passedOver: [{ name: 'shop_old', why: 'closed', cluster: 'main', server: 'primary' }],
}

describe('whose votes are in the way of a project', () => {
  it('are those in databases of its tenants, also where these cannot be read, whosever they are', () => {
    const votes = [vote('A', 'shop_a'), vote('B', 'shop_b'), vote('C', 'shop_old'), vote('D', 'billing_a')]
    expect(split(votes)).toEqual({
      inTheWay: ['shop_a', 'shop_b', 'shop_old'],
      others: [['D', null, ['billing_a']]],
    })
    const runs = [{ runId: 'A', project: 'billing' }]
    expect(split([vote('A', 'shop_a')], runs).inTheWay).toEqual(['shop_a'])
  })

  it('are all votes of a run of which one is in the way', () => {
    const votes = [vote('A', 'shop_a'), vote('A', 'gone'), vote('B', 'gone')]
    expect(split(votes)).toEqual({
      inTheWay: ['shop_a', 'gone'],
      others: [['B', null, ['gone']]],
    })
  })

  it('are those of its own runs wherever they are, and of logs of which nobody can say whose they are', () => {
    const runs = [
      { runId: 'A', project: 'shop' },
      { runId: 'B', project: null },
      { runId: 'C', project: 'billing' },
    ]
    const votes = ['A', 'B', 'C'].map(runId => vote(runId, 'gone'))
    expect(split(votes, runs)).toEqual({
      inTheWay: ['gone', 'gone'],
      others: [['C', 'billing', ['gone']]],
    })
  })

  it('is judged by the server too, where two clusters have databases of one name', () => {
    const elsewhere = { ...vote('A', 'shop_a'), server: 'east-1' }
    expect(split([elsewhere]).others).toEqual([['A', null, ['shop_a']]])
  })

  it('may be any that the configuration means where no tenant was found', () => {
    const named = { tenants: { databases: 'shop_*' } }
    expect(mayHoldTenant(vote('A', 'shop_a'), named)).toBe(true)
    expect(mayHoldTenant(vote('A', 'billing_a'), named)).toBe(false)
    expect(mayHoldTenant(vote('A', 'billing_a'), { tenants: { query: 'select 1' } })).toBe(true)
  })
})
