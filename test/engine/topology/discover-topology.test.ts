import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../electron/config/parse-config.ts'
import type { StoredRun } from '../../../electron/engine/ports/run-log.ts'
import { discoverTopology } from '../../../electron/engine/topology/discover-topology.ts'
import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'
import type { ServerObservation } from '../../../shared/topology/topology.ts'

type Ports = Parameters<typeof discoverTopology>[1]
type Servers = Ports['servers']
type Left = Pick<Ports, 'prepared' | 'store' | 'locks'>

/** No vote is prepared, no log is here, and no run lock is held. */
const nothingLeft: Left = {
  prepared: { list: async () => [] },
  store: { list: async () => [], readIntact: () => Promise.reject(new Error('nobody asks')) },
  locks: { readHolder: async () => null },
}

const config = (changes: Readonly<Record<string, unknown>> = {}) =>
  parseConfig(
    JSON.stringify({
      version: 1,
      servers: [{ name: 'primary' }, { name: 'standby', role: 'standby' }],
      tenants: { databases: ['acorn', 'b*'] },
      migrations: { sql: {} },
      ...changes,
    }),
    'lockstep.yml',
    { env: () => undefined, file: () => undefined },
  )

function discover(
  project: ReturnType<typeof config>,
  changes: Partial<Servers> = {},
  left: Left = nothingLeft,
) {
  const servers: Servers = {
    observe: async server => observe(project, server),
    listDatabases: async () => ['acorn', 'birch', 'postgres', 'zebra'],
    listClosedDatabases: async () => [],
    listSchemas: () => Promise.reject(new Error('nobody asks')),
    readLinks: () => Promise.reject(new Error('nobody asks')),
    queryTenantNames: async () => ['birch', 'acorn', 'birch'],
    fingerprint: () => Promise.reject(new Error('nobody asks')),
    readCatalog: () => Promise.reject(new Error('nobody asks')),
    ...changes,
  }
  return discoverTopology(project, { servers, ...left }, async () => undefined, new AbortController().signal)
}

function observe(
  project: ReturnType<typeof config>,
  name: string,
  failure: Failure | null = null,
): ServerObservation {
  const server = project.servers.find(one => one.name === name)
  const role = server?.role ?? 'primary'
  return {
    server: name,
    cluster: server?.cluster ?? 'main',
    declaredRole: role,
    role: failure ? 'unreachable' : role,
    endpoint: '',
    version: null,
    systemIdentifier: null,
    timeline: null,
    replication: null,
    failure,
  }
}

describe('discovery', () => {
  it('finds the tenants that the patterns match, and forms clusters as declared', async () => {
    const topology = await discover(
      config({ tenants: { databases: '*', exclude: 'z*', appRole: '{tenant}_app' } }),
    )
    expect(topology.clusters.map(({ primary, standbys }) => [primary.server, standbys.length])).toEqual([
      ['primary', 1],
    ])
    expect(topology.tenants.map(tenant => [tenant.name, tenant.appRole])).toEqual([
      ['acorn', 'acorn_app'],
      ['birch', 'birch_app'],
    ])
  })

  it('takes a tenant once, however often the query names it', async () => {
    const topology = await discover(config({ tenants: { query: 'select name from customers' } }))
    expect(topology.tenants.map(tenant => tenant.name)).toEqual(['birch', 'acorn'])
  })

  it('refuses to have no tenant, and says where it looked', async () => {
    const failure = await discover(config({ tenants: { databases: 'x*' } })).catch(toFailure)
    expect(failure).toEqual({ kind: 'tenants_empty', looked: 'databases: x*' })
  })

  it('says of no tenant that another run is at work, which may have taken their names away for a moment', async () => {
    const left = { ...nothingLeft, locks: { readHolder: async () => 'lockstep run 01K' } }
    const failure = await discover(config({ tenants: { databases: 'x*' } }), {}, left).catch(toFailure)
    expect(failure).toEqual({ kind: 'run_locked', cluster: 'main', holder: 'lockstep run 01K' })
  })

  it('refuses one name in two clusters, because plan, votes and log know tenants by name', async () => {
    const servers = [
      { name: 'one', cluster: 'east' },
      { name: 'two', cluster: 'west' },
    ]
    expect(await discover(config({ servers })).catch(toFailure)).toMatchObject({
      kind: 'usage',
      problem: 'clusters east and west both hold a tenant called acorn',
    })
  })

  it('refuses a primary that cannot be reached, with its own failure, and not a standby', async () => {
    const project = config()
    const failure: Failure = { kind: 'server_unreachable', server: 'x', endpoint: '', code: 'ECONNREFUSED' }
    const without = (down: string) => async (server: string) =>
      observe(project, server, server === down ? failure : null)
    expect(await discover(project, { observe: without('primary') }).catch(toFailure)).toEqual(failure)
    expect((await discover(project, { observe: without('standby') })).tenants).toHaveLength(2)
  })

  const runId = '01K0000000000000000000000A'
  const closed = { listDatabases: async () => [], listClosedDatabases: async () => closedDatabases }
  const closedDatabases = [{ name: 'birch', why: 'closed' }] as const

  it('names the run whose votes are prepared before it says that there is no tenant', async () => {
    const gid = `lockstep:${runId}:all:birch`
    const vote = { gid, database: 'birch', owner: 'migrator', xid: '7', ageSeconds: 1 }
    const left: Left = { ...nothingLeft, prepared: { list: async () => [vote] } }
    const failure = await discover(config({ tenants: { databases: 'b*' } }), closed, left).catch(toFailure)
    expect(failure).toMatchObject({ kind: 'run_unfinished', runId, prepared: [gid] })
  })

  it.each([
    [
      { outcome: null, alive: false },
      { kind: 'run_unfinished', runId, closed: ['birch'] },
    ],
    [
      { outcome: null, alive: true },
      { kind: 'run_locked', holder: `lockstep ${runId}` },
    ],
    [
      { outcome: 'needs_human', alive: false },
      { kind: 'tenants_unreadable', tenants: [{ failure: { by: { runId, state: 'ended' } } }] },
    ],
    [{ outcome: 'rolled_back', alive: false }, { kind: 'tenants_empty' }],
    [{ outcome: null, alive: false, project: 'other' }, { kind: 'tenants_empty' }],
  ] as const)('says of a closed database which rollback has closed it: %o', async (facts, expected) => {
    const left = leftBy(rollback(facts))
    // A query of the team may not even know of a closed database.
    for (const tenants of [{ databases: 'b*' }, { query: 'select name from customers' }]) {
      const asked = { ...closed, queryTenantNames: async () => [] }
      expect(
        await discover(config({ project: 'shop', tenants }), asked, left).catch(toFailure),
      ).toMatchObject(expected)
    }
  })

  it('keeps a database that a rollback has opened again, and one that is closed for good, apart from that', async () => {
    const project = config({ project: 'shop', tenants: { databases: ['acorn', 'b*'] } })
    const shut = async () => [...closedDatabases, { name: 'beech', why: 'closed' as const }]
    const topology = await discover(project, { listClosedDatabases: shut }, leftBy(rollback({}), 'reopened'))
    expect(topology.passedOver?.map(one => one.name)).toEqual(['birch', 'beech'])
    const other = await discover(project, { listClosedDatabases: shut }, leftBy(rollback({})))
    expect(other.passedOver?.map(one => one.name)).toEqual(['beech'])
    expect(other.unreadable?.map(one => one.tenant)).toEqual(['birch'])
  })

  function rollback(changes: Partial<StoredRun>): StoredRun {
    const facts = { startedAt: '', exitCode: null, outcome: null, alive: false, damage: null }
    return { runId, project: 'shop', undoes: '01K', ...facts, ...changes }
  }

  function leftBy(run: StoredRun, step: 'closed' | 'reopened' = 'closed'): Left {
    const tenant = { name: 'birch', cluster: 'main', database: 'birch', appRole: null }
    const facts: readonly RunFact[] = [
      { type: 'tenants.discovered', tenants: [tenant] },
      { type: 'tenant.restoring', group: 'all', tenant: 'birch', step: 'closed', volatile: {} },
      { type: 'tenant.restoring', group: 'all', tenant: 'birch', step, volatile: {} },
    ]
    const events = facts.map((fact, index) => ({ v: 1 as const, runId, seq: index + 1, at: '', ...fact }))
    return {
      ...nothingLeft,
      store: { list: async () => [run], readIntact: async () => ({ events, damage: null }) },
    }
  }
})
