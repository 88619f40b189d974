import { describe, expect, it } from 'vitest'
import type { FindingFact } from '../../shared/topology/discovered-project.ts'
import { arrangeSample, type SampleServer } from './sample-servers.ts'

const primary: SampleServer = { name: 'db', address: '10.0.0.1' }
const standby: SampleServer = { name: 'replica', role: 'standby', upstream: 'db', address: '10.0.0.2' }
const declared: SampleServer = { ...standby, declared: 'standby' }

const find = (kind: FindingFact['kind'], servers: readonly SampleServer[]) =>
  arrangeSample(servers).findings.filter(finding => finding.what.kind === kind)

describe('a finding about servers', () => {
  it('is not made where everything is as it should be', () => {
    const healthy = [
      { ...primary, declared: 'primary' as const, receivers: [['10.0.0.2', 'walreceiver'] as const] },
      { ...declared, follows: 'db' },
    ]
    expect(arrangeSample(healthy).findings).toEqual([])
  })

  /** One project that raises the finding, with its subject, and one that does not. */
  it.each<[FindingFact['kind'], string, readonly SampleServer[], readonly SampleServer[]]>([
    ['role_differs', 'replica', [primary, { ...standby, declared: 'primary' }], [primary, declared]],
    ['role_differs', 'db', [{ ...primary, declared: 'standby' }], [primary]],
    ['other_cluster', 'replica', [primary, { ...declared, id: '2' }], [primary, declared]],
    [
      'other_cluster',
      'replica',
      [primary, { ...standby, follows: 'db', id: '2' }],
      [primary, { ...standby, id: '2' }],
    ],
    [
      'other_cluster',
      'orders-replica',
      [{ name: 'orders' }, { name: 'users', id: '2' }, { ...declared, name: 'orders-replica', id: '2' }],
      [{ name: 'orders' }, { name: 'users', id: '2' }, { ...declared, name: 'users-replica', id: '2' }],
    ],
    [
      'other_cluster',
      'replica',
      [primary, { name: 'replica', declared: 'standby', id: '2' }],
      [primary, { name: 'replica', declared: 'standby', id: '2', subscribes: { publisherHost: 'db' } }],
    ],
    [
      'other_cluster',
      'users-replica',
      [{ name: 'orders' }, { ...declared, name: 'users-replica', id: '2' }],
      [
        { name: 'orders' },
        { name: 'users', role: 'unreachable' },
        { ...declared, name: 'users-replica', id: '2' },
      ],
    ],
    ['timeline_differs', 'replica', [{ ...primary, timeline: 2 }, standby], [primary, standby]],
    ['not_streaming', 'replica', [primary, { ...standby, receiver: 'waiting' }], [primary, standby]],
    [
      'not_streaming',
      'replica',
      [primary, { name: 'replica', role: 'standby', receiver: null }],
      [
        { ...primary, receivers: [['10.0.0.2', '']] },
        { ...standby, upstream: '', receiver: null },
      ],
    ],
    ['replay_paused', 'replica', [primary, { ...standby, pause: 'paused' }], [primary, standby]],
    [
      'cascade',
      'below',
      [primary, standby, { ...standby, name: 'below', upstream: 'replica' }],
      [primary, standby, { ...standby, name: 'below' }],
    ],
    [
      'unknown_receiver',
      'db',
      [{ ...primary, receivers: [['10.9.9.9', 'pg_receivewal']] }, standby],
      [{ ...primary, receivers: [['10.0.0.2', 'walreceiver']] }, standby],
    ],
    [
      'unknown_receiver',
      'db',
      [{ ...primary, receivers: [['10.9.9.9', 'pg_receivewal']] }],
      [{ ...primary, receivers: [['10.9.9.9', 'pg_basebackup']] }],
    ],
    [
      'unknown_receiver',
      'db',
      [{ ...primary, receivers: [['10.0.0.3', 'walreceiver']] }],
      [
        { ...primary, receivers: [['10.0.0.3', 'walreceiver']] },
        { name: 'down', role: 'unreachable', address: '10.0.0.3' },
      ],
    ],
    [
      'unknown_receiver',
      'db',
      [{ ...primary, receivers: [['10.0.0.3', 'copied']] }],
      [
        { ...primary, receivers: [['10.0.0.3', 'copied']] },
        { name: 'copy', id: '2', subscribes: { publisherHost: 'db' } },
      ],
    ],
    [
      'unknown_receiver',
      'db',
      [
        { ...primary, receivers: [['10.0.0.254', 'below']] },
        standby,
        { ...standby, name: 'below', upstream: 'replica', address: '10.0.0.3' },
      ],
      [
        { ...primary, receivers: [['10.0.0.254', 'below']] },
        standby,
        { ...standby, name: 'below', address: '10.0.0.3' },
      ],
    ],
    [
      'subscriber',
      'copy',
      [primary, { name: 'copy', id: '2', subscribes: { publisherHost: 'db' } }],
      [primary, { name: 'copy', id: '2', subscribes: { publisherHost: 'elsewhere' } }],
    ],
    [
      'subscriber',
      'copy',
      [primary, { name: 'copy', id: '2', subscribes: { publisherHost: 'db' } }],
      [primary, { ...standby, name: 'copy', id: '2', subscribes: { publisherHost: 'db' } }],
    ],
    ['several_primaries', 'db', [primary, { name: 'other' }], [primary, { name: 'other', id: '2' }]],
    ['no_primary', 'replica', [standby], [primary, standby]],
    [
      'no_primary',
      'replica',
      [{ ...primary, role: 'unreachable' }, standby],
      [primary, { ...declared, id: '2' }],
    ],
    ['unreachable', 'db', [{ ...primary, role: 'unreachable' }], [primary]],
  ])('%s is raised about %s', (kind, subject, raising, silent) => {
    expect(find(kind, raising).map(finding => finding.subject)).toEqual([subject])
    expect(find(kind, silent)).toEqual([])
  })

  it('says what was expected and what was seen', () => {
    expect(find('other_cluster', [primary, { ...declared, id: '2' }])[0]?.what).toEqual({
      kind: 'other_cluster',
      expected: 'db',
      systemIdentifier: '2',
    })
    expect(find('several_primaries', [primary, { name: 'a' }])[0]?.what).toEqual({
      kind: 'several_primaries',
      cluster: 'main',
      servers: ['a', 'db'],
    })
    expect(find('timeline_differs', [{ ...primary, timeline: 3 }, standby])[0]?.what).toEqual({
      kind: 'timeline_differs',
      primary: 3,
      server: 1,
    })
    const copy = { name: 'copy', id: '2', subscribes: { publisherHost: 'DB' } }
    expect(find('subscriber', [primary, copy])[0]?.what).toEqual({
      kind: 'subscriber',
      from: 'db',
      subscriptions: ['copied'],
    })
  })
})
