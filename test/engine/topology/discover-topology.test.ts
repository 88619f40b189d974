import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../electron/config/parse-config.ts'
import { discoverTopology } from '../../../electron/engine/topology/discover-topology.ts'
import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { ServerObservation } from '../../../shared/topology/topology.ts'

type Servers = Parameters<typeof discoverTopology>[1]['servers']

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

function discover(project: ReturnType<typeof config>, changes: Partial<Servers> = {}) {
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
  return discoverTopology(project, { servers }, async () => undefined, new AbortController().signal)
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
})
