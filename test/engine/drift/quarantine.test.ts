import { describe, expect, it } from 'vitest'
import { chooseTenants } from '../../../electron/engine/planning/choose-tenants.ts'
import type { Quarantine } from '../../../shared/analysis/schema-class.ts'
import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import { defaults } from '../gates/fake-context.ts'

const names = ['ash', 'aspen', 'birch', 'cedar']

function choose(quarantine: readonly Quarantine[], asked: readonly string[] = []) {
  const { tenants, notes } = chooseTenants({
    config: { drift: { ...defaults.drift, quarantine: [...quarantine] } },
    topology: { tenants: names.map(name => ({ name, cluster: 'main', database: name, appRole: null })) },
    tenants: asked,
  })
  return { tenants: tenants.map(tenant => tenant.name), notes }
}

function refusal(quarantine: readonly Quarantine[], asked: readonly string[]): Failure | null {
  try {
    choose(quarantine, asked)
    return null
  } catch (error) {
    return toFailure(error)
  }
}

describe('tenants in quarantine', () => {
  it('are left out, with their names and reasons, and globs match', () => {
    const quarantine = [
      { tenant: 'as*', reason: 'moves to another cluster' },
      { tenant: 'aspen', reason: 'a second entry says nothing new' },
    ]
    expect(choose(quarantine)).toEqual({
      tenants: ['birch', 'cedar'],
      notes: [
        {
          kind: 'quarantined',
          text: 'left out by quarantine: 2 tenants (ash, aspen): moves to another cluster',
        },
      ],
    })
  })

  it('are nobody where nothing is configured', () => {
    expect(choose([])).toEqual({ tenants: names, notes: [] })
  })

  it('that do not exist are worth a note', () => {
    expect(choose([{ tenant: 'aash', reason: 'changed by hand' }])).toEqual({
      tenants: names,
      notes: [{ kind: 'quarantined', text: 'drift.quarantine names "aash", which matches no tenant' }],
    })
  })

  it('are refused to whoever names them, with the reason', () => {
    const quarantine = [{ tenant: 'ash', reason: 'changed by hand' }]
    expect(refusal(quarantine, ['birch', 'ash'])).toEqual({
      kind: 'usage',
      problem: 'tenant ash is in quarantine: changed by hand',
      fix: 'take it out of drift.quarantine in lockstep.yml, or out of --tenants',
    })
    expect(refusal([{ tenant: 'as*', reason: 'changed by hand' }], ['as*'])).toMatchObject({
      problem: 'tenants ash, aspen are in quarantine: changed by hand',
    })
  })

  it('are only left out of a glob that matches others too', () => {
    expect(choose([{ tenant: 'ash', reason: 'changed by hand' }], ['as*', 'cedar']).tenants).toEqual([
      'aspen',
      'cedar',
    ])
  })
})

describe('tenants that are asked for', () => {
  it('are taken in the order of the servers', () => {
    expect(choose([], ['cedar', 'a*']).tenants).toEqual(['ash', 'aspen', 'cedar'])
  })

  it('are refused where nobody is called so', () => {
    expect(refusal([], ['oak'])).toEqual({ kind: 'tenant_unknown', tenant: 'oak', known: names })
  })
})
