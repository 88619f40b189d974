import { afterEach, describe, expect, it } from 'vitest'
import { parseConfig } from '../../../../electron/config/parse-config.ts'
import { describeSample, LagSampler } from '../../../../electron/host/service/controllers/lag-sampler.ts'
import type { OpenPorts } from '../../../../electron/host/service/controllers/open-ports.ts'
import type { Project } from '../../../../electron/host/settings/load-project.ts'
import type { LagSample } from '../../../../shared/api/topology-view.ts'
import type { ServerObservation, StandbyState } from '../../../../shared/topology/topology.ts'
import { waitUntil } from '../../../support/wait-until.ts'

const replication: StandbyState = {
  receiver: 'streaming',
  replayPause: 'not paused',
  receivedLsn: '0/10',
  replayedLsn: '0/10',
  lagBytes: 4_096,
  lagSeconds: 0.2,
}

describe('a sample of a standby', () => {
  it.each<readonly [string, Partial<StandbyState>, LagSample['state']]>([
    ['streams and is behind', {}, 'streaming'],
    ['streams and cannot say how far it is', { lagBytes: null }, 'streaming'],
    ['has nothing to replay', { lagBytes: 0, lagSeconds: null }, 'idle'],
    ['does not stream', { receiver: null }, 'not_streaming'],
    ['is paused', { replayPause: 'paused' }, 'paused'],
    ['is about to be paused', { replayPause: 'pause requested' }, 'paused'],
  ])('says that it %s', (_words, change, state) => {
    expect(describeSample(observe('standby-1', { ...replication, ...change }))).toMatchObject({ state })
  })

  it('is a gap, and no number, where the standby could not be asked', () => {
    const gone = describeSample({ ...observe('standby-1', null), role: 'unreachable' })
    expect(gone).toMatchObject({ state: 'missing', bytes: null, seconds: null })
  })
})

describe('the sampler', () => {
  const open: LagSampler[] = []
  afterEach(() => Promise.all(open.splice(0).map(sampler => sampler.close())))

  const start = (
    world: World,
  ): { readonly sampler: LagSampler; readonly ticks: (readonly LagSample[])[] } => {
    const ticks: (readonly LagSample[])[] = []
    const sampler = new LagSampler({
      project: () => world.project,
      hasAudience: () => world.hasAudience,
      onSamples: samples => void ticks.push(samples),
      everyMs: 10,
      open: async () => world.engine,
    })
    open.push(sampler)
    return { sampler, ticks }
  }

  it('asks every standby again and again, and keeps what it heard with the limit', async () => {
    const world = makeWorld()
    const { sampler, ticks } = start(world)
    await waitUntil(() => ticks.length >= 3, 'three ticks')
    expect(ticks[0]?.map(sample => sample.server)).toEqual(['standby-1', 'standby-2'])
    const [series] = sampler.series()
    expect(series).toMatchObject({ server: 'standby-1', maxBytes: 1_000 })
    expect(series?.samples.length).toBeGreaterThanOrEqual(3)
    expect(sampler.newest()).toHaveLength(2)
  })

  it('asks nobody while nobody looks, and lets go of its sessions', async () => {
    const world = makeWorld()
    const { ticks } = start(world)
    await waitUntil(() => ticks.length >= 1, 'a tick')
    world.hasAudience = false
    await waitUntil(() => world.closed === 1, 'the sessions to be closed')
    const asked = world.asked
    await waitUntil(() => world.projectAsked > 10, 'ten ticks of silence')
    expect(world.asked).toBe(asked)
  })

  it('shows a standby that does not answer as a gap, does not ask it twice, and goes on with the others', async () => {
    const world = makeWorld()
    world.silent = 'standby-2'
    const { ticks } = start(world)
    await waitUntil(() => ticks.length >= 3, 'three ticks')
    for (const [first, second] of ticks) {
      expect(first?.state).toBe('streaming')
      expect(second).toMatchObject({ server: 'standby-2', state: 'missing', bytes: null })
    }
    expect(world.askedSilent).toBe(1)
  })

  it('begins again with another project', async () => {
    const world = makeWorld()
    const { sampler, ticks } = start(world)
    await waitUntil(() => ticks.length >= 2, 'two ticks')
    world.project = { ...makeProject(), file: 'other/lockstep.yml' }
    expect(sampler.series()).toEqual([])
    await waitUntil(() => world.closed === 1 && sampler.newest().length === 2, 'samples of the other project')
  })
})

interface World {
  project: Project | null
  hasAudience: boolean
  silent: string | null
  asked: number
  askedSilent: number
  projectAsked: number
  closed: number
  readonly engine: OpenPorts
}

function makeWorld(): World {
  let project: Project | null = makeProject()
  const world: World = {
    get project() {
      world.projectAsked += 1
      return project
    },
    set project(next) {
      project = next
    },
    hasAudience: true,
    silent: null,
    asked: 0,
    askedSilent: 0,
    projectAsked: 0,
    closed: 0,
    engine: {
      ports: {
        servers: {
          observe: (server: string, signal: AbortSignal) => {
            world.asked += 1
            if (server !== world.silent) return Promise.resolve(observe(server, replication))
            world.askedSilent += 1
            return new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(new Error('ended')))
            })
          },
        } as OpenPorts['ports']['servers'],
      },
      close: async () => {
        world.closed += 1
      },
    },
  }
  return world
}

function makeProject(): Project {
  const servers = [
    { name: 'primary' },
    { name: 'standby-1', role: 'standby' },
    { name: 'standby-2', role: 'standby' },
  ]
  const text = JSON.stringify({
    version: 1,
    servers,
    tenants: { databases: '*' },
    migrations: { sql: {} },
    gates: { replica_lag: { maxBytes: 1_000 } },
  })
  const config = parseConfig(text, 'lockstep.yml', { env: () => undefined, file: () => undefined })
  return { file: 'lockstep.yml', folder: '.', config, runsFolder: 'runs', plansFolder: 'plans' }
}

function observe(server: string, state: StandbyState | null): ServerObservation {
  return {
    server,
    cluster: 'main',
    declaredRole: 'standby',
    role: 'standby',
    endpoint: 'localhost',
    version: 180_004,
    systemIdentifier: '1',
    timeline: 1,
    replication: state,
    failure: null,
  }
}
