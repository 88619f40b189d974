import { describe, expect, it } from 'vitest'
import type { Docker } from '../../../electron/adapters/docker/docker.ts'
import { listWays } from '../../../electron/host/docker/list-ways.ts'
import type { ContainerFacts } from '../../../shared/server/docker-container.ts'

const container: ContainerFacts = {
  id: 'c1',
  name: 'shop-db-1',
  image: 'postgres:17',
  imageId: null,
  state: 'running',
  health: null,
  restarts: 0,
  startedAt: null,
  exitCode: null,
  workingDir: '/',
  command: [],
  compose: null,
  networks: [{ name: 'shop_default', address: '172.20.0.2', aliases: ['db'] }],
  networkMode: 'shop_default',
  ports: [{ containerPort: 5432, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 54320 }],
  mounts: [],
}

function daemonAt(endpoint: string): Docker {
  const daemon = {
    state: 'connected',
    endpoint,
    engine: 'docker',
    version: '28',
    apiVersion: '1.48',
    rootless: false,
  }
  return { daemon, openTunnel: () => undefined } as unknown as Docker
}

function waysOf(changes: Partial<ContainerFacts> | null, endpoint = 'unix:///var/run/docker.sock') {
  const docker = daemonAt(endpoint)
  const facts = { service: null, container: changes && { ...container, ...changes }, port: 5432, docker }
  return Object.fromEntries(
    listWays(facts).map(({ way, settings, obstacle }) => [
      way,
      obstacle ?? settings.shownEndpoint ?? `${settings.host}:${settings.port}`,
    ]),
  )
}

describe('the ways to a server in a container', () => {
  it('are its published port, its address and a tunnel, in this order', () => {
    const expected = {
      published_port: '127.0.0.1:54320',
      container_address: '172.20.0.2:5432',
      container_exec: 'docker exec shop-db-1 (port 5432)',
    }
    expect(waysOf({})).toEqual(expected)
    expect(Object.keys(waysOf({}))).toEqual(Object.keys(expected))
  })

  it('leave out a port that is not published, or published for another protocol', () => {
    expect(waysOf({ ports: [] }).published_port).toBe('no port is published')
    const udp = [{ containerPort: 5432, protocol: 'udp', hostAddress: '0.0.0.0', hostPort: 1 }]
    expect(waysOf({ ports: udp }).published_port).toBe('no port is published')
  })

  it('keep the address that a port is published on', () => {
    const ports = [{ containerPort: 5432, protocol: 'tcp', hostAddress: '127.0.0.5', hostPort: 7 }]
    expect(waysOf({ ports }).published_port).toBe('127.0.0.5:7')
  })

  it('lead to the machine of a daemon elsewhere, where no container address can be used', () => {
    expect(waysOf({}, 'tcp://db-host.internal:2376')).toMatchObject({
      published_port: 'db-host.internal:54320',
      container_address: 'the daemon is on another machine',
    })
    expect(waysOf({}, 'ssh://deploy@db-host.internal').published_port).toBe('db-host.internal:54320')
  })

  it('are the declared ports alone where no daemon can be asked', () => {
    const service = {
      ports: [{ target: 5432, published: '6000', hostIp: null, protocol: 'tcp' }],
    } as unknown as Parameters<typeof listWays>[0]['service']
    const ways = listWays({ service, container: null, port: 5432, docker: null })
    expect(ways.map(({ settings, obstacle }) => obstacle ?? `${settings.host}:${settings.port}`)).toEqual([
      '127.0.0.1:6000',
      'the container is not known',
      'the container is not known',
    ])
  })
})
