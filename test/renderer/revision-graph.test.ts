import { describe, expect, it } from 'vitest'
import { chooseRevisions } from '../../renderer/graph/choose-revisions.ts'
import { layoutLanes, orderNewestFirst } from '../../renderer/graph/lane-layout.ts'
import { listMarks } from '../../renderer/graph/list-marks.ts'
import { placeTenants } from '../../renderer/graph/place-tenants.ts'
import type { TenantPosition } from '../../shared/api/topology-view.ts'
import type { MigrationGraph, Revision } from '../../shared/plan/migration-graph.ts'

function revision(id: string, parents: readonly string[] = [], dependsOn: readonly string[] = []): Revision {
  return {
    id,
    parents,
    dependsOn,
    labels: [],
    message: `makes ${id}`,
    file: `versions/${id}.py`,
    checksum: '0'.repeat(64),
    isMerge: parents.length > 1,
  }
}

function graphOf(revisions: readonly Revision[]): MigrationGraph {
  const parents = new Set(revisions.flatMap(one => one.parents))
  return {
    source: 'alembic',
    revisions,
    bases: revisions.filter(one => one.parents.length === 0).map(one => one.id),
    heads: revisions.filter(one => !parents.has(one.id)).map(one => one.id),
    origin: { folder: 'migrations', interpreter: null },
  }
}

const position = (tenant: string, heads: readonly string[]): TenantPosition => ({
  tenant,
  cluster: 'main',
  database: tenant,
  group: 'rest',
  wave: 1,
  heads,
  behind: null,
  fingerprint: null,
})

describe('the order of revisions', () => {
  it('puts every revision above all that it builds or depends on', () => {
    const revisions = [
      revision('a'),
      revision('b', ['a']),
      revision('c', ['a']),
      revision('d', ['b', 'c']),
      revision('x'),
      revision('y', ['x'], ['d']),
    ]
    const order = orderNewestFirst(revisions).map(one => one.id)
    for (const one of revisions)
      for (const below of [...one.parents, ...one.dependsOn])
        expect(order.indexOf(one.id)).toBeLessThan(order.indexOf(below))
  })

  it('shows every revision of a circle all the same', () => {
    const order = orderNewestFirst([revision('a', ['b']), revision('b', ['a']), revision('c')])
    expect(order.map(one => one.id).toSorted()).toEqual(['a', 'b', 'c'])
  })
})

describe('the lanes of a revision tree', () => {
  it('keep a chain in one lane', () => {
    const { placed, lanes } = layoutLanes(
      graphOf([revision('a'), revision('b', ['a']), revision('c', ['b'])]),
    )
    expect(lanes).toBe(1)
    expect(placed.map(({ revision: { id }, row, lane }) => [id, row, lane])).toEqual([
      ['c', 0, 0],
      ['b', 1, 0],
      ['a', 2, 0],
    ])
  })

  it('put a branch beside its trunk, and let its lane end where the two meet', () => {
    const { placed, lanes, edges } = layoutLanes(
      graphOf([revision('a'), revision('b', ['a']), revision('c', ['a']), revision('d', ['b', 'c'])]),
    )
    expect(lanes).toBe(2)
    const lane = Object.fromEntries(placed.map(one => [one.revision.id, one.lane]))
    expect(lane.b).not.toBe(lane.c)
    expect(lane.d).toBe(lane.a)
    expect(edges).toHaveLength(4)
  })

  it('tell building on from depending on', () => {
    const { edges } = layoutLanes(graphOf([revision('a'), revision('b'), revision('c', ['b'], ['a'])]))
    expect(edges).toEqual([
      { from: 'c', to: 'b', kind: 'parent' },
      { from: 'c', to: 'a', kind: 'depends' },
    ])
  })

  it('give no lane to two lines at once', () => {
    const { placed, edges } = layoutLanes(
      graphOf([
        revision('base'),
        ...['p', 'q', 'r'].flatMap(line => [
          revision(`${line}1`, ['base']),
          revision(`${line}2`, [`${line}1`]),
          revision(`${line}3`, [`${line}2`]),
        ]),
        revision('merge', ['p3', 'q3', 'r3']),
      ]),
    )
    const byId = new Map(placed.map(one => [one.revision.id, one]))
    for (const edge of edges) {
      const newer = byId.get(edge.from)!
      const older = byId.get(edge.to)!
      const crossed = placed.filter(
        one => one.row > newer.row && one.row < older.row && one.lane === older.lane,
      )
      expect(crossed).toEqual([])
    }
  })
})

describe('what is drawn of a big revision tree', () => {
  const chain = Array.from({ length: 1_354 }, (_, index) =>
    revision(`r${index}`, index === 0 ? [] : [`r${index - 1}`]),
  )

  it('is all of a small one', () => {
    const graph = graphOf(chain.slice(0, 150))
    expect(chooseRevisions(graph, [])).toEqual({ revisions: graph.revisions, folded: 0, bridges: new Set() })
  })

  it('is the neighbourhood of tenants, heads and bases, and says how much is left out', () => {
    const { revisions, folded } = chooseRevisions(graphOf(chain), ['r700'])
    const ids = revisions.map(one => one.id)
    expect(ids).toHaveLength(150)
    expect(folded).toBe(1_204)
    expect(ids).toEqual(expect.arrayContaining(['r0', 'r699', 'r700', 'r701', 'r1353']))
  })

  it('leaves no line that ends in nothing: bridges pass over what is not drawn', () => {
    const { revisions, bridges } = chooseRevisions(graphOf(chain), ['r700'])
    const drawn = new Set(revisions.map(one => one.id))
    expect(revisions.filter(one => one.parents.length === 0).map(one => one.id)).toEqual(['r0'])
    expect(revisions.flatMap(one => one.parents).every(parent => drawn.has(parent))).toBe(true)
    expect(bridges.size).toBe(2)
  })
})

describe('tenants on a revision tree', () => {
  const graph = graphOf([revision('a'), revision('b', ['a']), revision('c', ['a'])])

  it('stand at each of their heads, before the first revision, where nobody could read, or at one that nobody knows', () => {
    const { atRevision, atBase, unread, elsewhere } = placeTenants(graph, [
      position('ash', ['b', 'c']),
      { ...position('birch', []), behind: 3 },
      position('elm', []),
      position('cedar', ['gone']),
    ])
    expect([...atRevision]).toEqual([
      ['b', ['ash']],
      ['c', ['ash']],
    ])
    expect(atBase).toEqual(['birch'])
    expect(unread).toEqual(['elm'])
    expect(elsewhere.map(one => one.tenant)).toEqual(['cedar'])
  })

  it('see what a revision is to the tree', () => {
    expect(listMarks(graph.revisions[1]!, graph, ['b'])).toEqual(['target', 'head'])
    expect(listMarks(graph.revisions[0]!, graph, [])).toEqual(['base'])
  })
})
