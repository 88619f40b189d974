import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../electron/config/parse-config.ts'
import { refuseNamedSchemas } from '../../electron/engine/planning/refuse-named-schemas.ts'
import { discoverTopology } from '../../electron/engine/topology/discover-topology.ts'
import { toFailure } from '../../shared/failure/failure.ts'
import type { Tenant, Topology } from '../../shared/topology/topology.ts'
import { step } from './gates/fake-context.ts'

type Servers = Parameters<typeof discoverTopology>[1]['servers']

/** No run is open, and no log is here. */
const nothingLeft = {
  prepared: { list: async () => [] },
  store: { list: async () => [], readIntact: () => Promise.reject(new Error('nobody asks')) },
  locks: { readHolder: async () => null },
}

const never = new AbortController().signal
const nobodyAsks = () => Promise.reject(new Error('nobody asks'))
const schemas: Readonly<Record<string, readonly string[]>> = {
  north: ['acorn', 'birch', 'information_schema', 'pg_catalog', 'pg_toast', 'public'],
  south: ['acorn', 'cedar', 'public'],
  empty: ['public'],
}

/** Tenants of a fleet with three databases and their schemas. */
async function discover(...request: Parameters<typeof discoverFleet>): Promise<readonly Tenant[]> {
  return (await discoverFleet(...request)).tenants
}

/** The whole fleet; `without` are databases that a cluster lacks. */
async function discoverFleet(
  tenants: Readonly<Record<string, unknown>>,
  servers: readonly Readonly<Record<string, unknown>>[] = [{ name: 'primary' }],
  without: Readonly<Record<string, readonly string[]>> = {},
): Promise<Topology> {
  const text = JSON.stringify({ version: 1, servers, tenants, migrations: { sql: {} } })
  const config = parseConfig(text, 'lockstep.yml', { env: () => undefined, file: () => undefined })
  const port: Servers = {
    observe: async server => ({
      server,
      cluster: config.servers.find(one => one.name === server)?.cluster ?? '',
      declaredRole: 'primary',
      role: 'primary',
      endpoint: '',
      version: null,
      systemIdentifier: null,
      timeline: null,
      replication: null,
      failure: null,
    }),
    listDatabases: async server =>
      ['empty', 'north', 'postgres', 'south'].filter(name => !without[server]?.includes(name)),
    listClosedDatabases: async () => [],
    listSchemas: async (_server, database) => schemas[database] ?? [],
    queryTenantNames: async () => ['south'],
    readLinks: nobodyAsks,
    fingerprint: nobodyAsks,
    readCatalog: nobodyAsks,
  }
  return discoverTopology(config, { servers: port, ...nothingLeft }, async () => undefined, never)
}

const namesOf = async (...request: Parameters<typeof discover>) =>
  (await discover(...request)).map(tenant => tenant.name)

describe('tenants that are databases', () => {
  it('are found by a list, by a pattern, by several patterns, or by a query', async () => {
    expect(await namesOf({ databases: ['north', 'south'] })).toEqual(['north', 'south'])
    expect(await namesOf({ databases: '*th' })).toEqual(['north', 'south'])
    expect(await namesOf({ databases: ['n?rth', 'e*'] })).toEqual(['empty', 'north'])
    expect(await namesOf({ query: 'select name from customers' })).toEqual(['south'])
  })

  it('are not the ones that a list names and the server lacks, nor the maintenance database', async () => {
    expect(await namesOf({ databases: ['north', 'gone'] })).toEqual(['north'])
    expect(await namesOf({ databases: '*', exclude: ['empty', 's*'] })).toEqual(['north'])
  })

  it('are named where a list has them and no cluster does, so that a misspelt name leaves nobody out in silence', async () => {
    const { unreadable } = await discoverFleet({ databases: ['north', 'gone', 'gone_*'] })
    expect(unreadable).toEqual([
      {
        tenant: 'gone',
        cluster: 'main',
        failure: { kind: 'database_missing', server: 'primary', database: 'gone' },
      },
    ])
    const servers = [
      { name: 'one', cluster: 'east' },
      { name: 'two', cluster: 'west' },
    ]
    const without = { one: ['south'], two: ['north'] }
    const spread = await discoverFleet({ databases: ['north', 'south'] }, servers, without)
    expect(spread.tenants.map(({ name, cluster }) => [name, cluster])).toEqual([
      ['north', 'east'],
      ['south', 'west'],
    ])
    expect(spread.unreadable).toBeUndefined()
    const left = await discoverFleet({ databases: ['north', 'gone'], exclude: 'g*' })
    expect(left.unreadable).toBeUndefined()
  })

  it('have no schema', async () => {
    expect(await discover({ databases: 'north' })).toEqual([
      { name: 'north', cluster: 'main', database: 'north', appRole: null },
    ])
  })
})

describe('tenants that are schemas', () => {
  it('are called like their schema where one database is looked at', async () => {
    expect(await discover({ databases: 'north', schemas: 'a*', appRole: '{tenant}_app' })).toEqual([
      { name: 'acorn', cluster: 'main', database: 'north', schema: 'acorn', appRole: 'acorn_app' },
    ])
  })

  it('are called by database and schema where several databases are looked at', async () => {
    const tenants = await discover({ databases: ['north', 'south'], schemas: ['acorn', 'c*'] })
    expect(tenants.map(({ name, database, schema }) => [name, database, schema])).toEqual([
      ['north.acorn', 'north', 'acorn'],
      ['south.acorn', 'south', 'acorn'],
      ['south.cedar', 'south', 'cedar'],
    ])
  })

  it('are never the schemas of the system, nor public, however wide the pattern is', async () => {
    expect(await namesOf({ databases: 'north', schemas: ['*', 'public', 'pg_catalog'] })).toEqual([
      'acorn',
      'birch',
    ])
  })

  it('are excluded by their name', async () => {
    expect(await namesOf({ databases: 'north', schemas: '*', exclude: 'b*' })).toEqual(['acorn'])
    expect(await namesOf({ databases: '*th', schemas: '*', exclude: ['south.*', '*.birch'] })).toEqual([
      'north.acorn',
    ])
  })

  it('are looked for in the databases that a query gives', async () => {
    expect(await namesOf({ query: 'select name from shards', schemas: '*' })).toEqual(['acorn', 'cedar'])
  })

  it('may not bear one name in two clusters', async () => {
    const servers = [
      { name: 'one', cluster: 'east' },
      { name: 'two', cluster: 'west' },
    ]
    expect(await discover({ databases: 'north', schemas: 'acorn' }, servers).catch(toFailure)).toMatchObject({
      kind: 'usage',
      problem: 'clusters east and west both hold a tenant called acorn',
    })
  })

  it('are missed with the place where they were looked for', async () => {
    const failure = await discover({ databases: ['empty'], schemas: ['tenant_*'] }).catch(toFailure)
    expect(failure).toEqual({ kind: 'tenants_empty', looked: 'databases: empty; schemas: tenant_*' })
  })

  it('are named by no statement of a plan', async () => {
    const tenants = await discover({ databases: 'north', schemas: '*' })
    const routes = (...tables: readonly string[]) => [
      { id: 'all', from: [], to: ['0002'], steps: [step('0002', { statements: [{ sql: '', tables }] })] },
    ]
    refuseNamedSchemas(routes('public.orders', 'acorns.orders', 'audit.acorn'), tenants)
    for (const table of ['acorn.orders', '"acorn".orders']) {
      expect(() => refuseNamedSchemas(routes('public.orders', table), tenants)).toThrow(
        expect.objectContaining({
          failure: expect.objectContaining({
            kind: 'usage',
            problem: `revision 0002 names ${table}, and acorn is the schema of tenant acorn: every tenant would run it`,
          }),
        }),
      )
    }
  })
})
