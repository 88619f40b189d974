import { describe, expect, it } from 'vitest'
import { describeReplicas } from '../../../electron/engine/verification/check-replicas.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import type { DeclaredReplay, Topology } from '../../../shared/topology/topology.ts'

const group = { tenants: [{ cluster: 'main' }] } as unknown as PlannedGroup

function topologyOf(standbys: Readonly<Record<string, DeclaredReplay | null>>): Topology {
  const described = Object.entries(standbys).map(([server, declaredReplay]) => ({
    server,
    ...(declaredReplay === null ? {} : { declaredReplay }),
  }))
  const clusters = [
    { name: 'main', standbys: described },
    { name: 'other', standbys: [{ server: 'elsewhere' }] },
  ]
  return { clusters, tenants: [] } as unknown as Topology
}

describe('what is said of standbys after a group', () => {
  it.each<[string, Readonly<Record<string, DeclaredReplay | null>>]>([
    ['there is no standby', {}],
    ['every standby has the group and its schema', { one: null, two: null }],
    [
      'every other standby has the group and its schema; two is late on purpose, and not compared',
      { one: null, two: 'archive' },
    ],
    ['one, two are late on purpose, and not compared', { one: 'archive', two: 'delayed' }],
  ])('is: %s', (words, standbys) => {
    expect(describeReplicas(topologyOf(standbys), group, [])).toBe(words)
  })

  it('counts what was found', () => {
    const failure = { kind: 'internal', message: 'x' } as const
    expect(describeReplicas(topologyOf({ one: null }), group, [failure])).toBe('1 finding')
  })
})
