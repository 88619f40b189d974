import { describe, expect, it } from 'vitest'
import { discoverTopology } from '../../electron/engine/discover-topology.ts'
import { makePlan } from '../../electron/engine/make-plan.ts'
import { parseConfig } from '../../shared/config/parse-config.ts'
import { toFailure } from '../../shared/failure.ts'
import type { Tenant } from '../../shared/topology.ts'

type Servers = Parameters<typeof discoverTopology>[1]['servers']

const never = new AbortController().signal
const nobodyAsks = () => Promise.reject(new Error('nobody asks'))
const schemas: Readonly<Record<string, readonly string[]>> = {
  north: ['acorn', 'birch', 'information_schema', 'pg_catalog', 'pg_toast', 'public'],
  south: ['acorn', 'cedar', 'public'],
  empty: ['public'],
}

/** Names, or whole tenants, of a fleet with three databases and their schemas. */
async function discover(
  tenants: Readonly<Record<string, unknown>>,
  servers: readonly Readonly<Record<string, unknown>>[] = [{ name: 'primary' }],
): Promise<readonly Tenant[]> {
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
    listDatabases: async () => ['empty', 'north', 'postgres', 'south'],
    listSchemas: async (_server, database) => schemas[database] ?? [],
    queryTenantNames: async () => ['south'],
    readLinks: nobodyAsks,
    fingerprint: nobodyAsks,
  }
  return (await discoverTopology(config, { servers: port }, async () => undefined, never)).tenants
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

  it('are refused by a plan before anything is asked', async () => {
    const config = parseConfig(
      JSON.stringify({
        version: 1,
        servers: [{ name: 'primary' }],
        tenants: { databases: 'north', schemas: '*' },
        migrations: { sql: {} },
      }),
      'lockstep.yml',
      { env: () => undefined, file: () => undefined },
    )
    const topology = { clusters: [], tenants: await discover({ databases: 'north', schemas: '*' }) }
    const ports: Parameters<typeof makePlan>[1] = {
      get servers(): never {
        throw new Error('nobody asks')
      },
      get source(): never {
        throw new Error('nobody asks')
      },
      get parser(): never {
        throw new Error('nobody asks')
      },
      digest: () => '',
    }
    const graph = Promise.reject(new Error('nobody waits'))
    graph.catch(() => undefined)
    const request = {
      config,
      topology,
      graph,
      target: [],
      tenants: [],
      gates: null,
    }
    expect(await makePlan(request, ports, never).catch(toFailure)).toMatchObject({
      kind: 'usage',
      problem: 'tenants are schemas: Lockstep shows them and does not migrate them yet',
    })
  })
})
