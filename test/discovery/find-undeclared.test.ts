import { expect, it } from 'vitest'
import { findUndeclared } from '../../electron/discovery/find-undeclared.ts'
import type { ReplicationReceiver, ServerLinks } from '../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../shared/topology/topology.ts'

const receiver = (applicationName: string, rest: Partial<ReplicationReceiver> = {}): ReplicationReceiver => ({
  applicationName,
  clientAddress: '10.0.0.9',
  state: 'streaming',
  syncState: 'async',
  kind: 'standby',
  slot: null,
  ...rest,
})

const links = (
  server: string,
  receivers: readonly ReplicationReceiver[],
  upstream: ServerLinks['upstream'] = null,
): ServerLinks => ({ server, upstream, receivers, subscriptions: [] })

const standby = (server: string, hasReceiver = true): ServerObservation => ({
  server,
  cluster: 'main',
  declaredRole: 'standby',
  role: 'standby',
  endpoint: '',
  version: 180_000,
  systemIdentifier: '1',
  timeline: 1,
  replication: {
    receiver: hasReceiver ? 'streaming' : null,
    replayPause: 'not paused',
    receivedLsn: null,
    replayedLsn: null,
    lagBytes: 0,
    lagSeconds: null,
    hasReceiver,
  },
  failure: null,
})

const namesOf = (found: ReturnType<typeof findUndeclared>) => found.map(one => one.applicationName)

it('matches declared standbys by slot, by the name they stream under, and by their own name', () => {
  const receivers = [
    receiver('walreceiver', { slot: 'a' }),
    receiver('b-stream'),
    receiver('c'),
    receiver('stray'),
  ]
  const upstream = { host: 'db', port: 5432, slot: null }
  const known = [
    links('primary', receivers),
    links('a', [], { ...upstream, slot: 'a' }),
    links('b', [], { ...upstream, applicationName: 'b-stream' }),
  ]
  const found = findUndeclared(known, [standby('a'), standby('b'), standby('c')])
  expect(found).toEqual([
    { sender: 'primary', applicationName: 'stray', clientAddress: '10.0.0.9', isCertain: true },
  ])
})

it('lets a declared standby without slot and name take one of the receivers that are left', () => {
  const receivers = [receiver('walreceiver'), receiver('walreceiver')]
  expect(findUndeclared([links('primary', receivers.slice(0, 1))], [standby('a')])).toEqual([])
  expect(findUndeclared([links('primary', receivers)], [standby('a')])).toMatchObject([{ isCertain: false }])
})

it('takes subscribers, backups and archivers for no standbys, and one that only lives on an archive for no receiver', () => {
  const kinds = (['logical', 'backup', 'archiver'] as const).map(kind => receiver(kind, { kind }))
  expect(findUndeclared([links('primary', kinds)], [])).toEqual([])
  expect(namesOf(findUndeclared([links('primary', [receiver('x')])], [standby('a', false)]))).toEqual(['x'])
})

it('says of what the login may not see that it may be one', () => {
  const hidden = receiver('x', { kind: 'unknown', clientAddress: null })
  expect(findUndeclared([links('primary', [hidden])], [standby('a')])).toEqual([])
  expect(findUndeclared([links('primary', [hidden])], [])).toMatchObject([{ isCertain: false }])
})

it('names a standby that streams from a declared standby', () => {
  const known = [links('primary', [receiver('a')]), links('a', [receiver('below')])]
  expect(findUndeclared(known, [standby('a')])).toMatchObject([{ sender: 'a', applicationName: 'below' }])
})
