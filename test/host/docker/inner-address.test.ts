import { describe, expect, it } from 'vitest'
import { innerAddress } from '../../../electron/host/docker/inner-address.ts'
import type { ContainerFacts, ContainerNetwork } from '../../../shared/server/docker-container.ts'

function container(
  name: string,
  networks: readonly ContainerNetwork[],
  networkMode = 'shop',
): ContainerFacts {
  return {
    id: name,
    name,
    image: 'x',
    imageId: null,
    state: 'running',
    health: null,
    restarts: 0,
    startedAt: null,
    exitCode: null,
    workingDir: '/',
    command: [],
    compose: null,
    networks,
    networkMode,
    ports: [],
    mounts: [],
  }
}

const on = (name: string, ...aliases: string[]): ContainerNetwork => ({ name, address: '10.0.0.2', aliases })
const app = container('shop-app-1', [on('front'), on('back')])

describe('the address of a server from inside another container', () => {
  it('is the name of its service in a network that both share', () => {
    const db = container('shop-db-1', [on('back', 'db', 'shop-db-1')])
    expect(innerAddress(app, { container: db, service: 'db', port: 5433 })).toEqual({
      host: 'db',
      port: 5433,
    })
  })

  it('is the name of the container where the service has several', () => {
    const db = container('shop-db-2', [on('back', 'db', 'shop-db-2')])
    expect(innerAddress(app, { container: db, service: null, port: 5432 }).host).toBe('shop-db-2')
  })

  it('is the loopback one where both live in one network namespace', () => {
    const db = container('shop-db-1', [])
    const beside = container('shop-app-1', [], `container:${db.id}`)
    expect(innerAddress(beside, { container: db, service: 'db', port: 5432 }).host).toBe('127.0.0.1')
  })

  it('is refused where they share no network', () => {
    const db = container('shop-db-1', [on('elsewhere', 'db')])
    expect(() => innerAddress(app, { container: db, service: 'db', port: 5432 })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ kind: 'usage' }) }),
    )
  })
})
