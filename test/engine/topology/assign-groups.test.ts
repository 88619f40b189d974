import { describe, expect, it } from 'vitest'
import type { GroupConfig } from '../../../electron/config/project-config.ts'
import { assignGroups } from '../../../electron/engine/topology/assign-groups.ts'

const group = (name: string, tenants: string | string[]): GroupConfig => ({
  name,
  tenants,
  mode: 'atomic',
  parallel: 4,
  onFailure: 'stop',
})

const assign = (groups: readonly GroupConfig[], names: readonly string[]) => {
  const tenants = names.map(name => ({ name, cluster: 'main', database: name, appRole: null }))
  const { groups: assigned, notes } = assignGroups({ groups: [...groups] }, tenants)
  return {
    groups: assigned.map(one => [one.settings.name, one.tenants.map(tenant => tenant.name)]),
    notes: notes.map(note => note.text),
  }
}

describe('assignGroups', () => {
  it('puts everybody into one group when none is configured', () => {
    expect(assign([], ['acorn', 'birch'])).toEqual({ groups: [['all', ['acorn', 'birch']]], notes: [] })
  })

  it('gives a tenant to the first group that matches it, and leaves the rest to a last one', () => {
    const groups = [group('canary', 'acorn'), group('trees', ['a*', 'b*'])]
    expect(assign(groups, ['acorn', 'alder', 'birch', 'cedar'])).toEqual({
      groups: [
        ['canary', ['acorn']],
        ['trees', ['alder', 'birch']],
        ['rest', ['cedar']],
      ],
      notes: [],
    })
  })

  it('leaves out a group that matches nobody, and says so', () => {
    expect(assign([group('canary', 'zebra')], ['acorn'])).toEqual({
      groups: [['all', ['acorn']]],
      notes: ['group "canary" matches no tenant'],
    })
  })

  it('never gives two groups one name', () => {
    const groups = [group('rest', 'acorn'), group('rest-2', 'birch')]
    expect(assign(groups, ['acorn', 'birch', 'cedar']).groups).toEqual([
      ['rest', ['acorn']],
      ['rest-2', ['birch']],
      ['rest-3', ['cedar']],
    ])
  })
})
