import { describe, expect, it } from 'vitest'
import type { ComposeService } from '../../../electron/compose/nodes/compose-project.ts'
import { observeServices } from '../../../electron/host/discovery/observe-services.ts'
import type { ComposeEnvironment } from '../../../electron/host/docker/open-compose-environment.ts'
import type { ContainerFacts } from '../../../shared/server/docker-container.ts'
import { makeService } from '../../discovery/sample-services.ts'

const dependency = { condition: 'service_healthy', required: true, restart: false } as const

function makeContainer(service: string, imageId: string | null): ContainerFacts {
  return {
    id: `${service}0123`,
    name: `shop-${service}-1`,
    image: 'postgres:18',
    imageId,
    state: 'running',
    health: null,
    restarts: 0,
    startedAt: null,
    exitCode: null,
    workingDir: '/',
    command: ['postgres'],
    compose: { project: 'shop', service, number: 1, workingDir: '', configFiles: [], oneOff: false },
    networks: [],
    networkMode: 'shop_default',
    ports: [],
    mounts: [],
  }
}

function observe(services: readonly ComposeService[], containers: readonly ContainerFacts[] = []) {
  const project = { name: 'shop', services: Object.fromEntries(services.map(one => [one.name, one])) }
  return observeServices({ declared: { project }, containers } as unknown as ComposeEnvironment)
}

describe('the services of a project', () => {
  it('name what they depend on by their declaration, in one order whoever read it', () => {
    const app = makeService({ name: 'app', dependsOn: { redis: dependency, db: dependency } })
    const [observed] = observe([app, makeService({ name: 'db' }), makeService({ name: 'redis' })])
    expect(observed).toMatchObject({ service: 'app', dependsOn: ['db', 'redis'] })
  })

  it('depend on nothing where nothing is declared, and where no Compose file declares them', () => {
    const observed = observe([makeService({ name: 'db' })], [makeContainer('left-over', null)])
    expect(observed.map(({ service, dependsOn }) => [service, dependsOn])).toEqual([
      ['db', []],
      ['left-over', []],
    ])
  })

  it('show of a container the image it runs and its digest, and no more than is shown', () => {
    const [observed] = observe([makeService({ name: 'db' })], [makeContainer('db', 'sha256:4f6c')])
    expect(observed?.container).toEqual({
      id: 'db0123',
      name: 'shop-db-1',
      image: 'postgres:18',
      imageId: 'sha256:4f6c',
      state: 'running',
      health: null,
      restarts: 0,
      ports: [],
      networks: [],
    })
  })
})
