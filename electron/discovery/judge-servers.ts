import type {
  FindingFact,
  ReplicationLink,
  TopologyFinding,
} from '../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../shared/topology/topology.ts'
import { expectPrimary } from './expect-primary.ts'
import type { ServerGroup } from './group-servers.ts'
import { listSubscriptions, type UnknownReceiver } from './link-servers.ts'
import type { ArrangeRequest } from './server-declaration.ts'

/** Servers with everything that was found out about them. */
export interface JudgeRequest extends ArrangeRequest {
  readonly proven: readonly ReplicationLink[]
  readonly unknown: readonly UnknownReceiver[]
  readonly groups: readonly ServerGroup[]
}

/** Says what a person should know of the servers: where they are not what they are declared to be, and where replication does not hold. */
export function judgeServers(request: JudgeRequest): readonly TopologyFinding[] {
  const { observations, groups } = request
  return [
    ...groups.flatMap(group => judgeGroup(group, request)),
    ...observations.flatMap(one => judgeServer(one, request)),
  ]
}

function judgeGroup(group: ServerGroup, request: JudgeRequest): readonly TopologyFinding[] {
  const { name: cluster, primaries, standbys } = group
  const servers = primaries.map(one => one.server)
  const [leader] = servers
  if (leader !== undefined && servers.length > 1) {
    return [problem(leader, { kind: 'several_primaries', cluster, servers: servers.toSorted() })]
  }
  const [first] = standbys
  // Where each of them is a stranger, its own finding says more.
  const isMissed = standbys.some(one => expectOther(one, request) === null)
  if (leader !== undefined || !first || !isMissed) return []
  return [problem(first.server, { kind: 'no_primary', cluster })]
}

function judgeServer(one: ServerObservation, request: JudgeRequest): readonly TopologyFinding[] {
  if (one.role === 'unreachable') {
    return one.failure ? [problem(one.server, { kind: 'unreachable', failure: one.failure })] : []
  }
  return [
    ...judgeIdentity(one, request),
    ...(one.role === 'standby' ? judgeReplication(one, request) : []),
    ...judgeReceivers(one, request),
    ...judgeSubscriptions(one, request),
  ]
}

function judgeIdentity(one: ServerObservation, request: JudgeRequest): readonly TopologyFinding[] {
  const findings: TopologyFinding[] = []
  const role = request.declarations.find(declaration => declaration.server === one.server)?.role
  if (role?.declared && role.declared !== one.role) {
    const { declared, why } = role
    findings.push(problem(one.server, { kind: 'role_differs', declared, observed: one.role, why }))
  }
  const expected = expectOther(one, request)
  if (expected !== null && one.systemIdentifier !== null) {
    const { systemIdentifier } = one
    findings.push(problem(one.server, { kind: 'other_cluster', expected, systemIdentifier }))
  }
  return findings
}

/** The primary that a server should belong to by its declaration, when it is not of that one's cluster. */
function expectOther(one: ServerObservation, request: JudgeRequest): string | null {
  // A subscriber is of another cluster by its nature.
  if (request.proven.some(link => link.kind === 'logical' && link.server === one.server)) return null
  const expected = expectPrimary(one, request)
  return expected && expected.systemIdentifier !== one.systemIdentifier ? expected.server : null
}

function judgeReplication(one: ServerObservation, request: JudgeRequest): readonly TopologyFinding[] {
  const findings: TopologyFinding[] = []
  const primary = request.groups.find(group => group.systemIdentifier === one.systemIdentifier)?.primaries[0]
  if (primary?.timeline != null && one.timeline !== null && primary.timeline !== one.timeline) {
    const timelines = { primary: primary.timeline, server: one.timeline }
    findings.push(problem(one.server, { kind: 'timeline_differs', ...timelines }))
  }
  const link = request.proven.find(({ server, kind }) => server === one.server && kind === 'streaming')
  // The sender's word will do where the standby's login may not see its own receiver.
  const isSent = link?.evidence === 'sender' || link?.evidence === 'both'
  const receiver = one.replication?.receiver ?? null
  if (receiver !== 'streaming' && !(receiver === null && isSent)) {
    findings.push(problem(one.server, { kind: 'not_streaming', receiver }))
  }
  const state = one.replication?.replayPause ?? 'not paused'
  if (state !== 'not paused') findings.push(problem(one.server, { kind: 'replay_paused', state }))
  const source = request.observations.find(({ server }) => server === link?.from)
  if (source?.role === 'standby') {
    findings.push({ severity: 'note', subject: one.server, what: { kind: 'cascade', from: source.server } })
  }
  return findings
}

function judgeReceivers(one: ServerObservation, { unknown }: JudgeRequest): readonly TopologyFinding[] {
  return unknown
    .filter(({ server }) => server === one.server)
    .map(({ receiver: { applicationName, clientAddress } }) => ({
      severity: 'warning',
      subject: one.server,
      what: { kind: 'unknown_receiver', applicationName, clientAddress },
    }))
}

function judgeSubscriptions(one: ServerObservation, request: JudgeRequest): readonly TopologyFinding[] {
  return request.observations
    .filter(({ server }) =>
      request.proven.some(
        link => link.kind === 'logical' && link.server === one.server && link.from === server,
      ),
    )
    .map(publisher => ({
      severity: 'note',
      subject: one.server,
      what: {
        kind: 'subscriber',
        from: publisher.server,
        subscriptions: listSubscriptions(one, publisher, request),
      },
    }))
}

function problem(subject: string, what: FindingFact): TopologyFinding {
  return { severity: 'problem', subject, what }
}
