import { describe, expect, it } from 'vitest'
import { configureProject, describeFoundConfig } from '../../../electron/host/discovery/configure-project.ts'
import type { ComposeEnvironment } from '../../../electron/host/docker/open-compose-environment.ts'
import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'
import type { ServerObservation, Tenant } from '../../../shared/topology/topology.ts'

const folder = '/srv/shop'
const declared = {
  project: { name: 'shop', services: {} },
  files: ['compose.yaml'],
  absoluteFiles: [`${folder}/compose.yaml`],
  projectDirectory: folder,
}
const daemon = { state: 'absent', tried: [] }
const compose = { declared, daemon, containers: [], namesakes: [] } as unknown as ComposeEnvironment
const choice = { files: [], projectName: null, profiles: [], envFiles: null, folder }

function observe(server: string, role: ServerObservation['role']): ServerObservation {
  return {
    server,
    cluster: 'main',
    declaredRole: role === 'primary' ? 'primary' : 'standby',
    role,
    endpoint: '',
    version: 180_000,
    systemIdentifier: '1',
    timeline: 1,
    replication: null,
    failure: null,
  }
}

function tenant(name: string, rest: Partial<Tenant> = {}): Tenant {
  return { name, cluster: 'main', database: name, appRole: null, ...rest }
}

function describeFound(changes: Partial<DiscoveredProject>) {
  const found: DiscoveredProject = {
    project: 'shop',
    files: ['compose.yaml'],
    readBy: 'lockstep',
    daemon: {
      state: 'connected',
      endpoint: 'unix:///d.sock',
      engine: 'docker',
      version: '28',
      apiVersion: '1.48',
      rootless: false,
    },
    observation: 'observed',
    services: [],
    clusters: [
      { name: 'main', primary: observe('db', 'primary'), standbys: [observe('replica', 'standby')] },
    ],
    unplaced: [],
    links: [],
    tenants: [tenant('shop_a'), tenant('shop_b')],
    migrations: [
      { service: 'app', kind: 'alembic', path: '/srv/app/alembic.ini', interpreter: '/venv/bin/python' },
    ],
    findings: [],
    ...changes,
  }
  return configureProject(describeFoundConfig(found, compose, choice))
}

describe('the configuration of what was found', () => {
  it('has the servers with their proven roles, tenants by pattern, and Alembic where it is', () => {
    const config = describeFound({})
    expect(config.servers.map(({ name, service, role }) => [name, service, role])).toEqual([
      ['db', 'db', 'primary'],
      ['replica', 'replica', 'standby'],
    ])
    expect(config.tenants.databases).toBe('shop_*')
    expect(config.groups[0]).toMatchObject({ name: 'canary', tenants: ['shop_a'] })
    expect(config.migrations.alembic).toMatchObject({ service: 'app', config: '/srv/app/alembic.ini' })
    expect(config.compose?.files).toEqual(['compose.yaml'])
    expect(config.gates.replica_lag.requireStandbys).toBe(true)
  })

  it('names tenants that are schemas as schemas, and never the database that holds them', () => {
    const inShop = { database: 'shop' }
    const config = describeFound({
      tenants: [
        tenant('acme_a', { ...inShop, schema: 'acme_a' }),
        tenant('acme_b', { ...inShop, schema: 'acme_b' }),
      ],
    })
    expect(config.tenants).toMatchObject({ databases: ['shop'], schemas: 'acme_*' })
  })

  it('asks for no standby where there is none', () => {
    const clusters = [{ name: 'main', primary: observe('db', 'primary'), standbys: [] }]
    expect(describeFound({ clusters }).gates.replica_lag.requireStandbys).toBe(false)
  })

  it('keeps a declared standby that cannot be reached, so that the gates stop', () => {
    const clusters = [{ name: 'main', primary: observe('db', 'primary'), standbys: [] }]
    const config = describeFound({ clusters, unplaced: [observe('replica', 'unreachable')] })
    expect(config.servers.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'db primary',
      'replica standby',
    ])
  })

  it('declares a logical subscriber once, and as no primary: its schema is its own', () => {
    const main = { name: 'db', primary: observe('db', 'primary'), standbys: [] }
    const reports = { name: 'reports', primary: observe('reports', 'primary'), standbys: [] }
    const config = describeFound({
      clusters: [main, reports],
      links: (['subscription', 'both'] as const).map(evidence => ({
        server: 'reports',
        from: 'db',
        kind: 'logical',
        evidence,
      })),
      tenants: [tenant('shop_a', { cluster: 'db' }), tenant('shop_b', { cluster: 'db' })],
    })
    expect(config.servers.map(({ name, role, cluster }) => [name, role, cluster])).toEqual([
      ['db', 'primary', 'db'],
      ['reports', 'subscriber', 'db'],
    ])
  })

  it('names the daemon that is missing rather than a primary', () => {
    const tried = [{ endpoint: 'unix:///d.sock', from: 'default', outcome: 'there is no such socket' }]
    const asking = () => describeFound({ clusters: [], daemon: { state: 'absent', tried } })
    expect(asking).toThrow(
      expect.objectContaining({ failure: { kind: 'docker_unavailable', state: 'absent', tried } }),
    )
  })
})
