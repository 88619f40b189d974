import type { LagSample, LagSeries, TenantPosition, TopologyView } from '../../../shared/api/topology-view.ts'
import type { MigrationGraph, Revision } from '../../../shared/plan/migration-graph.ts'
import type { DiscoveredProject, ServiceObservation } from '../../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../../shared/topology/topology.ts'

const at = '2026-11-22T10:00:00.000Z'
const systemIdentifier = '7711079940985131215'

/** A primary that answers. */
export function samplePrimary(server = 'db'): ServerObservation {
  return {
    server,
    cluster: 'main',
    declaredRole: 'primary',
    role: 'primary',
    endpoint: '127.0.0.1:54320',
    way: 'published_port',
    version: 180_004,
    systemIdentifier,
    timeline: 1,
    replication: null,
    failure: null,
  }
}

/** A standby that streams, or does not. */
export function sampleStandby(server: string, receiver: string | null = 'streaming'): ServerObservation {
  return {
    ...samplePrimary(server),
    declaredRole: 'standby',
    role: 'standby',
    endpoint: '172.20.0.5:5432',
    way: 'container_address',
    replication: {
      receiver,
      replayPause: 'not paused',
      receivedLsn: '0/3709118',
      replayedLsn: '0/3709118',
      lagBytes: receiver === 'streaming' ? 1_200_000 : null,
      lagSeconds: receiver === 'streaming' ? 0.3 : null,
    },
  }
}

/** A server that did not answer. */
export function sampleSilent(server: string, declaredRole: 'primary' | 'standby'): ServerObservation {
  return {
    ...samplePrimary(server),
    declaredRole,
    role: 'unreachable',
    version: null,
    systemIdentifier: null,
    timeline: null,
    failure: {
      kind: 'server_unreachable',
      server,
      endpoint: '127.0.0.1:54320',
      code: 'ECONNREFUSED',
    },
  }
}

/** A service of a Compose file, with a container that runs, or none. */
export function sampleService(
  service: string,
  kind: ServiceObservation['kind'] = 'other',
  health: 'healthy' | 'unhealthy' | 'starting' | null | 'none' = 'healthy',
  dependsOn: readonly string[] = [],
): ServiceObservation {
  const image = kind === 'postgres' ? 'postgres:18' : `registry.example.com/shop/${service}:2026.11`
  return {
    service,
    kind,
    reason: kind === 'postgres' ? 'image postgres:18' : 'nothing about it is known',
    image,
    isDeclared: true,
    dependsOn,
    container:
      health === 'none'
        ? null
        : {
            id: `${service}0123456789`,
            name: `demo-shop-${service}-1`,
            image,
            imageId: `sha256:${'4f6c1d0e'.repeat(8)}`,
            state: 'running',
            health,
            restarts: health === 'unhealthy' ? 3 : 0,
            ports:
              kind === 'postgres'
                ? [{ containerPort: 5432, protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 54_320 }]
                : [],
            networks: [{ name: 'demo-shop_default', address: '172.20.0.2', aliases: [service] }],
          },
  }
}

const groupSizes = [
  ['canary', 12],
  ['early', 48],
  ['europe', 340],
  ['americas', 420],
  ['asia', 180],
] as const

/** A thousand tenants in five groups: the first at the target, the last unknown. */
export const manyPositions: readonly TenantPosition[] = groupSizes.flatMap(([group, size], index) =>
  Array.from({ length: size }, (_, number) => {
    const tenant = `${group}_${String(number + 1).padStart(4, '0')}`
    const behind = index === 0 ? 0 : index === 4 && number % 3 === 0 ? null : number % 5 === 0 ? 0 : 2
    const heads = behind === 0 ? ['0003'] : behind === null ? [] : ['0001']
    return {
      tenant,
      cluster: 'main',
      database: `shop_${tenant}`,
      group,
      wave: index + 1,
      heads,
      behind,
      fingerprint: behind === null ? null : heads.join().repeat(16).slice(0, 64),
    }
  }),
)

function describeProject(changes: Partial<DiscoveredProject>): DiscoveredProject {
  return {
    project: 'demo-shop',
    files: ['compose.yaml'],
    readBy: 'docker compose',
    daemon: {
      state: 'connected',
      endpoint: 'unix:///var/run/docker.sock',
      engine: 'docker',
      version: '29.0.1',
      apiVersion: '1.52',
      rootless: false,
    },
    observation: 'observed',
    services: [],
    clusters: [],
    unplaced: [],
    links: [],
    tenants: [],
    migrations: [],
    findings: [],
    ...changes,
  }
}

const emptyView: TopologyView = {
  topology: null,
  found: null,
  failure: null,
  graph: null,
  graphFailure: null,
  positions: [],
  observedAt: at,
}

/** Services, a primary, a cascade, a standby that does not stream, one that cannot be asked, and a thousand tenants. */
export function makeBusyTopology(graph: MigrationGraph): TopologyView {
  const standbys = [
    sampleStandby('standby-1'),
    sampleStandby('standby-2'),
    sampleStandby('standby-3', null),
    sampleStandby('standby-2-report'),
  ]
  return {
    ...emptyView,
    graph,
    positions: manyPositions,
    found: describeProject({
      services: [
        sampleService('db', 'postgres'),
        sampleService('standby-1', 'postgres'),
        sampleService('standby-2', 'postgres'),
        sampleService('standby-3', 'postgres', 'unhealthy'),
        sampleService('standby-2-report', 'postgres'),
        sampleService('standby-4', 'postgres', 'none'),
        sampleService('pgbouncer', 'pooler', null, ['db']),
        sampleService('app', 'other', 'healthy', ['pgbouncer', 'standby-1']),
        sampleService('worker', 'other', 'starting', ['db']),
        sampleService('migrate', 'migrations', 'none', ['db']),
      ],
      clusters: [{ name: 'main', primary: samplePrimary(), standbys }],
      unplaced: [sampleSilent('standby-4', 'standby')],
      links: [
        { server: 'standby-1', from: 'db', kind: 'streaming', evidence: 'both' },
        { server: 'standby-2', from: 'db', kind: 'streaming', evidence: 'both' },
        { server: 'standby-2-report', from: 'standby-2', kind: 'streaming', evidence: 'receiver' },
      ],
      findings: [
        { severity: 'note', subject: 'standby-2-report', what: { kind: 'cascade', from: 'standby-2' } },
        { severity: 'problem', subject: 'standby-3', what: { kind: 'not_streaming', receiver: null } },
        { severity: 'warning', subject: 'standby-3', what: { kind: 'restarted', restarts: 3 } },
        { severity: 'note', subject: 'pgbouncer', what: { kind: 'pooler', image: 'edoburu/pgbouncer:1.24' } },
        { severity: 'warning', subject: 'migrate', what: { kind: 'not_running', state: 'missing' } },
      ],
    }),
  }
}

/** Forty services around one primary with six tenants. */
export function makeServiceTopology(graph: MigrationGraph): TopologyView {
  const names = Array.from({ length: 40 }, (_, index) => `service-with-a-long-name-${index + 1}`)
  return {
    ...emptyView,
    graph,
    positions: manyPositions.slice(0, 6),
    found: describeProject({
      services: [sampleService('db', 'postgres'), ...names.map(name => sampleService(name))],
      clusters: [{ name: 'main', primary: samplePrimary(), standbys: [] }],
    }),
  }
}

/** No Docker daemon, and no server that answers: what the files say, and nothing more. */
export function makeDeclaredTopology(): TopologyView {
  const silent = [sampleSilent('db', 'primary'), sampleSilent('standby-1', 'standby')]
  return {
    ...emptyView,
    failure: silent[0]?.failure ?? null,
    found: describeProject({
      observation: 'declared_only',
      daemon: { state: 'absent', tried: [] },
      services: [
        sampleService('db', 'postgres', 'none'),
        sampleService('standby-1', 'postgres', 'none'),
        sampleService('app', 'other', 'none'),
      ],
      unplaced: silent,
      findings: [
        {
          severity: 'warning',
          subject: 'demo-shop',
          what: { kind: 'declared_not_observed', state: 'absent' },
        },
      ],
    }),
  }
}

/** Lag of many standbys, one sample a second, that ends now. */
export function makeLag(servers: readonly string[], seconds: number, end = Date.now()): readonly LagSeries[] {
  return servers.map((server, number) => ({
    server,
    cluster: 'main',
    maxBytes: 16_777_216,
    samples: Array.from({ length: seconds }, (_, second) =>
      sampleLagAt(server, number, second, end - (seconds - second) * 1_000),
    ),
  }))
}

function sampleLagAt(server: string, number: number, second: number, time: number): LagSample {
  const place = { server, cluster: 'main', at: new Date(time).toISOString() }
  if (number % 4 === 2) return { ...place, bytes: 42_000_000, seconds: null, state: 'not_streaming' }
  if (number % 4 === 1 && second % 200 < 60) return { ...place, bytes: 0, seconds: null, state: 'idle' }
  if (number % 4 === 0 && second % 100 > 80 && second % 100 < 96)
    return { ...place, bytes: null, seconds: null, state: 'missing' }
  const bytes = Math.round((1 + Math.sin(second / 30 + number)) * 600_000 + 40_000)
  return { ...place, bytes, seconds: bytes / 4_000_000, state: 'streaming' }
}

/** A tree with branches, merges, several heads and a revision that depends on another, of any size. */
export function makeBigGraph(size: number): MigrationGraph {
  const revisions: Revision[] = []
  const add = (id: string, parents: readonly string[], dependsOn: readonly string[] = []): void => {
    revisions.push({
      id,
      parents,
      dependsOn,
      labels: id === 'billing_1' ? ['billing'] : [],
      message: `change number ${revisions.length + 1} of the shop, with a message that goes on for a while`,
      file: `versions/${id}_change.py`,
      checksum: '0'.repeat(64),
      isMerge: parents.length > 1,
    })
  }
  for (let number = 1; number <= size; number += 1) {
    const id = `r${String(number).padStart(4, '0')}`
    const before = revisions.findLast(one => one.id.startsWith('r') || one.isMerge)
    if (number % 40 === 20 && before) {
      add(`${id}_left`, [before.id])
      add(`${id}_right`, [before.id])
      add(`merge_${number}`, [`${id}_left`, `${id}_right`])
    } else add(id, before ? [before.id] : [])
  }
  add('billing_1', [], [revisions.at(-3)?.id ?? ''])
  add('billing_2', ['billing_1'])
  const parents = new Set(revisions.flatMap(one => one.parents))
  return {
    source: 'alembic',
    revisions,
    bases: revisions.filter(one => one.parents.length === 0).map(one => one.id),
    heads: revisions.filter(one => !parents.has(one.id)).map(one => one.id),
    origin: { folder: 'migrations', interpreter: null },
  }
}
