import { describe, expect, it } from 'vitest'
import { sortFindings } from '../../renderer/screens/topology/facts/findings-list.tsx'
import { writeLogsCommand } from '../../renderer/screens/topology/facts/logs-command.ts'
import { writePsqlCommand } from '../../renderer/screens/topology/facts/psql-command.ts'
import { placeNodes } from '../../renderer/screens/topology/map/place-nodes.ts'
import { describeNode } from '../../renderer/screens/topology/model/describe-node.ts'
import { describeTopology } from '../../renderer/screens/topology/model/describe-topology.ts'
import { findSelected } from '../../renderer/screens/topology/model/find-selected.ts'
import { judgeServer } from '../../renderer/screens/topology/model/server-health.ts'
import { describeCounts, groupTenants } from '../../renderer/screens/topology/model/tenant-groups.ts'
import { listAllNodes, mapTopology, mostNodes } from '../../renderer/screens/topology/model/topology-map.ts'
import {
  filterTenants,
  readTenantFilter,
  sortPositions,
} from '../../renderer/screens/topology/tables/tenant-filter.ts'
import type { TopologyView } from '../../shared/api/topology-view.ts'
import {
  makeBusyTopology,
  makeDeclaredTopology,
  makeLag,
  makeServiceTopology,
  manyPositions,
  samplePrimary,
  sampleService,
  sampleSilent,
  sampleStandby,
} from '../support/dashboard/sample-topology.ts'
import { sampleGraph, sampleTopology } from '../support/dashboard/sample-views.ts'

const busy = makeBusyTopology(sampleGraph)

describe('what is drawn of a topology', () => {
  it('runs from services over the primary, its standbys and theirs to groups of tenants', () => {
    const { nodes } = mapTopology(busy, null)
    const columns = Object.fromEntries(nodes.map(node => [node.id, node.column]))
    expect(columns['service:app']).toBe(0)
    expect(columns['server:db']).toBe(1)
    expect(columns['server:standby-2']).toBe(2)
    expect(columns['server:standby-2-report']).toBe(3)
    expect(columns['group:main/europe']).toBe(4)
  })

  it('shows a database once: as a server, not as a service too', () => {
    const { nodes } = mapTopology(busy, null)
    expect(nodes.some(node => node.id === 'service:db')).toBe(false)
  })

  it('is never more than 150 nodes, and says what is folded', () => {
    const { nodes, folded } = mapTopology(busy, null)
    expect(nodes.length).toBeLessThanOrEqual(mostNodes)
    expect(folded).toEqual(['1,000 tenants in 5 groups'])
  })

  it('draws the tenants of a group that has room, and keeps one folded that has none', () => {
    const early = mapTopology(busy, 'group:main/early')
    expect(early.nodes.filter(node => node.kind === 'tenant')).toHaveLength(48)
    expect(early.folded).toEqual(['952 tenants in 4 groups'])
    const europe = mapTopology(busy, 'group:main/europe')
    expect(europe.nodes.filter(node => node.kind === 'tenant')).toHaveLength(0)
  })

  it('folds services by state, and standbys too, where there are more than fit', () => {
    const services = Array.from({ length: 200 }, (_, index) =>
      sampleService(`service-${index}`, 'other', index < 150 ? 'healthy' : 'unhealthy'),
    )
    const standbys = Array.from({ length: 300 }, (_, index) =>
      sampleStandby(`standby-${index}`, index % 3 === 0 ? null : 'streaming'),
    )
    const view: TopologyView = {
      ...busy,
      found: {
        ...busy.found!,
        services,
        clusters: [{ name: 'main', primary: samplePrimary(), standbys }],
        unplaced: [],
      },
    }
    const { nodes, folded } = mapTopology(view, null)
    expect(nodes.length).toBeLessThanOrEqual(mostNodes)
    expect(folded).toContain('200 services in 2 states')
    expect(folded).toContain('300 standbys in 2 states')
    expect(nodes.some(node => node.id === 'server:db')).toBe(true)
    const all = listAllNodes(view)
    expect([all.servers.length, all.services.length]).toEqual([301, 200])
  })

  it('has servers and tenants without any Compose file', () => {
    const { nodes, edges } = mapTopology(sampleTopology, null)
    expect(nodes.every(node => node.kind === 'server' || node.kind === 'group')).toBe(true)
    expect(edges.filter(edge => edge.kind === 'streaming')).toHaveLength(2)
  })

  it('draws a standby that was not asked at the primary that is declared', () => {
    const { edges } = mapTopology(makeDeclaredTopology(), null)
    expect(edges).toContainEqual({ from: 'server:db', to: 'server:standby-1', kind: 'streaming' })
  })

  it('has a line from each service to the servers that it depends on, and from no server', () => {
    const uses = mapTopology(busy, null).edges.filter(edge => edge.kind === 'uses')
    expect(uses.map(({ from, to }) => `${from} to ${to}`).toSorted()).toEqual([
      'service:app to server:standby-1',
      'service:migrate to server:db',
      'service:pgbouncer to server:db',
      'service:worker to server:db',
    ])
  })

  it('has a line to each container of a service that has several', () => {
    const [app] = [sampleService('app', 'other', 'healthy', ['replica'])]
    const replicas = [1, 2].map(number => {
      const service = sampleService('replica', 'postgres')
      return { ...service, container: { ...service.container!, name: `demo-shop-replica-${number}` } }
    })
    const standbys = [sampleStandby('replica-1'), sampleStandby('replica-2')]
    const view: TopologyView = {
      ...busy,
      found: {
        ...busy.found!,
        services: [app!, ...replicas],
        clusters: [{ name: 'main', primary: samplePrimary(), standbys }],
        unplaced: [],
        links: [],
      },
    }
    const uses = mapTopology(view, null).edges.filter(edge => edge.kind === 'uses')
    expect(uses.map(edge => edge.to)).toEqual(['server:replica-1', 'server:replica-2'])
  })

  it('places servers by replication alone, whatever depends on them', () => {
    const { nodes, edges } = mapTopology(busy, null)
    const bare = edges.filter(edge => edge.kind !== 'uses')
    expect(bare.length).toBeLessThan(edges.length)
    expect(placeNodes(nodes, edges)).toEqual(placeNodes(nodes, bare))
  })

  it('gives every server of a circle a place', () => {
    const view: TopologyView = {
      ...busy,
      found: {
        ...busy.found!,
        links: [
          { server: 'standby-1', from: 'standby-2', kind: 'streaming', evidence: 'both' },
          { server: 'standby-2', from: 'standby-1', kind: 'streaming', evidence: 'both' },
        ],
      },
    }
    const { nodes, edges } = mapTopology(view, null)
    expect(placeNodes(nodes, edges).boxes.size).toBe(nodes.length)
  })
})

describe('what an address points at', () => {
  const map = mapTopology(busy, null)

  it('is a server by its name, as the links of gates and of the overview have it', () => {
    expect(findSelected(busy, map, { server: 'standby-2' })?.id).toBe('server:standby-2')
    expect(findSelected(busy, map, { server: 'gone' })).toBeNull()
  })

  it('is the node that was chosen since', () => {
    expect(findSelected(busy, map, { server: 'standby-2', node: 'service:app' })?.id).toBe('service:app')
    expect(findSelected(busy, map, {})).toBeNull()
  })
})

describe('the places of nodes', () => {
  it('do not overlap, in any of the samples', () => {
    for (const view of [busy, makeServiceTopology(sampleGraph), makeDeclaredTopology(), sampleTopology]) {
      for (const open of [null, 'group:main/early']) {
        const { nodes, edges } = mapTopology(view, open)
        const { boxes, width, height } = placeNodes(nodes, edges)
        const all = [...boxes.values()]
        expect(all).toHaveLength(nodes.length)
        for (const [index, one] of all.entries()) {
          expect(one.x + one.width).toBeLessThanOrEqual(width)
          expect(one.y + one.height).toBeLessThanOrEqual(height)
          for (const other of all.slice(index + 1)) {
            const isApart =
              one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y
            expect(isApart).toBe(true)
          }
        }
      }
    }
  })

  it('stay where they are when only states change', () => {
    const before = mapTopology(busy, null)
    const primary = samplePrimary()
    const standbys = busy.found!.clusters[0]!.standbys.map(one => sampleStandby(one.server, null))
    const after = mapTopology(
      {
        ...busy,
        found: { ...busy.found!, clusters: [{ name: 'main', primary, standbys }] },
        positions: manyPositions.map(one => ({ ...one, behind: 0 })),
      },
      null,
    )
    expect(placeNodes(after.nodes, after.edges)).toEqual(placeNodes(before.nodes, before.edges))
  })

  it('are found within 50 ms for as many nodes as are drawn at most', () => {
    const { nodes, edges } = mapTopology(busy, 'group:main/early')
    const started = performance.now()
    placeNodes(nodes, edges)
    expect(performance.now() - started).toBeLessThan(50)
  })
})

describe('how a server is', () => {
  const [series] = makeLag(['standby-1'], 60)

  it('is said by its newest sample rather than by an older observation', () => {
    const broken = { ...series!, samples: [{ ...series!.samples[0]!, state: 'not_streaming' as const }] }
    expect(judgeServer(sampleStandby('standby-1'), broken)).toMatchObject({
      status: 'failed',
      word: 'not streaming',
      isBroken: true,
      lag: 'not streaming',
    })
    expect(judgeServer(sampleStandby('standby-1'), null)).toMatchObject({
      status: 'passed',
      lag: '1.2 MB, 0.30 s',
      isBroken: false,
    })
  })

  it('never looks well where the role is not the declared one', () => {
    const promoted = { ...samplePrimary('standby-1'), declaredRole: 'standby' as const }
    expect(judgeServer(promoted, null)).toMatchObject({ status: 'failed', word: 'primary, declared standby' })
  })

  it('is unreachable where nobody answers, and its line is broken', () => {
    expect(judgeServer(sampleSilent('standby-4', 'standby'), null)).toMatchObject({
      word: 'unreachable',
      lag: 'not streaming',
      isBroken: true,
    })
  })

  it("is part of a node's name", () => {
    const server = sampleStandby('standby-2')
    const node = {
      kind: 'server',
      id: 'server:standby-2',
      column: 2,
      cluster: 'main',
      server,
      service: null,
      isObserved: true,
    } as const
    expect(describeNode(node, judgeServer(server, null)).spoken).toBe('standby-2, streaming, 1.2 MB behind')
  })

  it("is part of a service's name, with what the service depends on", () => {
    const service = sampleService('app', 'other', 'healthy', ['db', 'pgbouncer'])
    const place = { id: 'service:app', column: 0, cluster: null, isObserved: true } as const
    expect(describeNode({ ...place, kind: 'service', service }, null).spoken).toBe(
      'app, service, healthy, depends on db, pgbouncer',
    )
  })
})

describe('the answer of the topology screen', () => {
  it('names what does not follow', () => {
    expect(describeTopology(busy, [])).toBe(
      '3 of 5 standbys follow; standby-4 cannot be reached, standby-3 does not stream',
    )
    expect(describeTopology(makeDeclaredTopology(), [])).toBe(
      'No standby follows; db, standby-1 cannot be reached',
    )
    expect(describeTopology(sampleTopology, [])).toContain('Both standbys follow')
    expect(describeTopology(makeServiceTopology(sampleGraph), [])).toBe(
      '1 server with 6 tenants, and no standby',
    )
  })

  it('puts problems before warnings before notes', () => {
    expect(sortFindings(busy.found!.findings).map(finding => finding.severity)).toEqual([
      'problem',
      'warning',
      'warning',
      'note',
      'note',
    ])
  })
})

describe('the command that opens a server', () => {
  it('holds no password and no user that nobody knows', () => {
    expect(writePsqlCommand(samplePrimary(), null, 'postgres')).toBe('psql -h 127.0.0.1 -p 54320 -d postgres')
  })

  it('goes through the container where nothing is published', () => {
    const server = { ...samplePrimary(), way: 'container_exec' as const }
    expect(writePsqlCommand(server, sampleService('db', 'postgres'), 'postgres')).toBe(
      'docker exec -it -u postgres demo-shop-db-1 psql -d postgres',
    )
    expect(writePsqlCommand(server, null, 'postgres')).toBeNull()
  })

  it('quotes names for a shell, and takes no option for one', () => {
    expect(writePsqlCommand(samplePrimary(), null, "a'; rm -rf ~")).toBe(
      "psql -h 127.0.0.1 -p 54320 -d 'a'\\''; rm -rf ~'",
    )
    expect(writePsqlCommand(samplePrimary(), null, '-h')).toContain("-d '-h'")
  })

  it('reads an IPv6 endpoint, and gives up on what is none', () => {
    const at = (endpoint: string) => writePsqlCommand({ ...samplePrimary(), endpoint }, null, 'postgres')
    expect(at('[::1]:5432')).toBe('psql -h ::1 -p 5432 -d postgres')
    expect(at('somewhere')).toBeNull()
  })
})

describe('the command that shows the logs of a container', () => {
  it('names the container, as one word of a shell', () => {
    expect(writeLogsCommand(sampleService('db', 'postgres'))).toBe(
      'docker logs --timestamps --tail 500 demo-shop-db-1',
    )
    const service = sampleService('db')
    const odd = { ...service, container: { ...service.container!, name: "a'; rm -rf ~" } }
    expect(writeLogsCommand(odd)).toBe("docker logs --timestamps --tail 500 'a'\\''; rm -rf ~'")
  })

  it('is not there without a container', () => {
    expect(writeLogsCommand(sampleService('db', 'postgres', 'none'))).toBeNull()
  })
})

describe('tenants as a table', () => {
  it('come with what needs attention first', () => {
    const states = sortPositions(manyPositions, null).map(one => one.behind)
    expect(states[0]).toBeNull()
    expect(states.at(-1)).toBe(0)
  })

  it('are narrowed by group, state, revision and text of the address', () => {
    const rows = (query: Readonly<Record<string, string>>) =>
      filterTenants(manyPositions, readTenantFilter(query))
    expect(rows({ group: 'early' })).toHaveLength(48)
    expect(rows({ state: 'unknown' })).toHaveLength(60)
    expect(rows({ at: '0003', group: 'canary' })).toHaveLength(12)
    expect(rows({ q: 'ASIA_0100' })).toHaveLength(1)
    expect(rows({ state: 'nonsense' })).toHaveLength(1_000)
  })

  it('are counted by group, in the order of the waves', () => {
    const groups = groupTenants(manyPositions)
    expect(groups.map(group => group.name)).toEqual(['canary', 'early', 'europe', 'americas', 'asia'])
    expect(describeCounts(groups[0]!.counts)).toBe('12 at target')
    expect(describeCounts(groups[4]!.counts)).toBe('96 behind, 60 unknown, 24 at target')
  })
})
