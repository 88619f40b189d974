import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrangeSample, type SampleServer } from './sample-servers.ts'

const primary: SampleServer = { name: 'db', address: '10.0.0.1' }
const standby = (name: string, changes: Partial<SampleServer> = {}): SampleServer => ({
  name,
  role: 'standby',
  upstream: 'db',
  ...changes,
})

/** Clusters by name, their primary first. */
const clustersOf = (servers: readonly SampleServer[]) =>
  arrangeSample(servers).clusters.map(cluster => [
    cluster.name,
    cluster.primary.server,
    ...cluster.standbys.map(one => one.server),
  ])

describe('clusters', () => {
  it('are formed by system identifier, whatever the servers are called', () => {
    expect(clustersOf([standby('primary'), { name: 'standby' }])).toEqual([['main', 'standby', 'primary']])
  })

  it('are named after their primaries when there are several', () => {
    const servers = [
      { name: 'orders' },
      { name: 'users', id: '2' },
      standby('users-replica', { id: '2' }),
      standby('orders-replica'),
    ]
    expect(clustersOf(servers)).toEqual([
      ['orders', 'orders', 'orders-replica'],
      ['users', 'users', 'users-replica'],
    ])
    const [orders] = arrangeSample(servers).clusters
    expect(orders?.standbys[0]).toMatchObject({ cluster: 'orders', declaredRole: 'standby' })
  })

  it('are formed around the newest primary of a split brain, and the other one has no place', () => {
    const servers = [
      { name: 'old', declared: 'primary' as const, timeline: 1 },
      { name: 'new', timeline: 2 },
      standby('replica', { timeline: 2, upstream: 'elsewhere' }),
    ]
    const { unplaced } = arrangeSample(servers)
    expect(clustersOf(servers)).toEqual([['main', 'new', 'replica']])
    expect(unplaced.map(({ server, cluster }) => [server, cluster])).toEqual([['old', 'main']])
  })

  it('have no place for a server that could not be asked, nor for standbys without a primary', () => {
    const { clusters, unplaced } = arrangeSample([{ name: 'db', role: 'unreachable' }, standby('replica')])
    expect(clusters).toEqual([])
    expect(unplaced.map(one => one.server)).toEqual(['db', 'replica'])
  })

  it('place every server exactly once, whatever was seen', () => {
    const names = ['db', 'db-replica', 'orders-primary', 'orders-standby', 'users', 'users-reader', 'x']
    const name = fc.constantFrom(...names)
    const server: fc.Arbitrary<SampleServer> = fc.record(
      {
        name,
        role: fc.constantFrom('primary' as const, 'standby' as const, 'unreachable' as const),
        declared: fc.constantFrom('primary' as const, 'standby' as const, null),
        follows: name,
        id: fc.constantFrom('1', '2', '3'),
        timeline: fc.integer({ min: 1, max: 3 }),
        receiver: fc.constantFrom('streaming', 'waiting', null),
        upstream: fc.constantFrom(...names, '127.0.0.1', 'elsewhere'),
        receivers: fc.array(
          fc.tuple(fc.constantFrom('127.0.0.1', '10.9.9.9', null), fc.constantFrom(...names, 'walreceiver')),
          { maxLength: 3 },
        ),
        subscribes: fc.record({ publisherHost: fc.constantFrom(...names, null) }),
        address: fc.constantFrom('127.0.0.1', '10.0.0.9'),
      },
      { requiredKeys: ['name'] },
    )
    fc.assert(
      fc.property(fc.uniqueArray(server, { selector: one => one.name, maxLength: 7 }), servers => {
        const { clusters, unplaced, links } = arrangeSample(servers)
        const placed = [
          ...clusters.flatMap(cluster => [cluster.primary, ...cluster.standbys]),
          ...unplaced,
        ].map(one => one.server)
        expect(placed.toSorted()).toEqual(servers.map(one => one.name).toSorted())
        for (const cluster of clusters) {
          expect(cluster.primary.role).toBe('primary')
          for (const one of cluster.standbys) {
            expect(one.role).toBe('standby')
            expect(one.systemIdentifier).toBe(cluster.primary.systemIdentifier)
          }
        }
        expect(new Set(clusters.map(cluster => cluster.name)).size).toBe(clusters.length)
        const streams = links.filter(link => link.kind === 'streaming')
        expect(new Set(streams.map(link => link.server)).size).toBe(streams.length)
        for (const { server, from } of links) expect(server).not.toBe(from)
      }),
    )
  })
})

describe('links', () => {
  const linksOf = (servers: readonly SampleServer[]) =>
    arrangeSample(servers).links.map(({ server, from, evidence }) => [server, from, evidence])

  it.each<[string, readonly SampleServer[], readonly (readonly string[])[]]>([
    ['the receiver of the standby', [primary, standby('one')], [['one', 'db', 'receiver']]],
    [
      'both sides, by address',
      [{ ...primary, receivers: [['10.0.0.2', 'walreceiver']] }, standby('one', { address: '10.0.0.2' })],
      [['one', 'db', 'both']],
    ],
    [
      'the list of the sender, by address',
      [
        { ...primary, receivers: [['10.0.0.2', 'walreceiver']] },
        { name: 'one', role: 'standby', address: '10.0.0.2' },
      ],
      [['one', 'db', 'sender']],
    ],
    [
      'the list of the sender, by name, where its address is that of a gateway',
      [
        { ...primary, receivers: [['10.0.0.254', 'one']] },
        { name: 'one', role: 'standby' },
      ],
      [['one', 'db', 'sender']],
    ],
    [
      'names, where two share an address',
      [
        {
          ...primary,
          receivers: [
            ['127.0.0.1', 'one'],
            ['127.0.0.1', 'two'],
          ],
        },
        { name: 'one', role: 'standby', address: '127.0.0.1' },
        { name: 'two', role: 'standby', address: '127.0.0.1' },
      ],
      [
        ['one', 'db', 'sender'],
        ['two', 'db', 'sender'],
      ],
    ],
    [
      'nothing, where two share an address and a name',
      [
        { ...primary, receivers: [['127.0.0.1', 'walreceiver']] },
        { name: 'one', role: 'standby', address: '127.0.0.1' },
        { name: 'two', role: 'standby', address: '127.0.0.1' },
      ],
      [],
    ],
    ['nothing, where the source is of another cluster', [primary, standby('one', { id: '2' })], []],
    [
      'the receiver, against a name that was copied',
      [
        { ...primary, receivers: [['10.0.0.254', 'two']] },
        standby('one', { address: '10.0.0.2' }),
        standby('two', { upstream: 'one', address: '10.0.0.3' }),
      ],
      [
        ['one', 'db', 'receiver'],
        ['two', 'one', 'receiver'],
      ],
    ],
  ])('are proven by %s', (_what, servers, links) => {
    expect(linksOf(servers)).toEqual(links)
  })

  it('to a publisher are logical', () => {
    const servers = [primary, { name: 'copy', id: '2', subscribes: { publisherHost: 'db' } }]
    expect(arrangeSample(servers).links).toEqual([
      { server: 'copy', from: 'db', kind: 'logical', evidence: 'subscription' },
    ])
  })
})
