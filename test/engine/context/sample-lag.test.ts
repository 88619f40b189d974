import { describe, expect, it } from 'vitest'
import { withLagSamples } from '../../../electron/engine/context/sample-lag.ts'
import { Recorder } from '../../../electron/engine/recording/recorder.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'
import type { ServerObservation } from '../../../shared/topology/topology.ts'
import { makeFakeClock } from '../fake-clock.ts'

const standby: ServerObservation = {
  server: 'standby-1',
  cluster: 'main',
  declaredRole: 'standby',
  role: 'standby',
  endpoint: '',
  version: 180_000,
  systemIdentifier: '1',
  timeline: 1,
  replication: {
    receiver: 'streaming',
    replayPause: 'not paused',
    receivedLsn: null,
    replayedLsn: null,
    lagBytes: 42,
    lagSeconds: 0.5,
  },
  failure: null,
}

function makeContext(
  observe: (count: number) => Promise<ServerObservation>,
  options: { readonly standbys?: readonly ServerObservation[]; readonly logIsBroken?: boolean } = {},
) {
  const facts: RunFact[] = []
  const log = {
    runId: 'run',
    close: async () => undefined,
    async append(fact: RunFact) {
      if (options.logIsBroken) throw new Error('disk full')
      facts.push(fact)
      return { v: 1 as const, runId: 'run', seq: facts.length, at: '', ...fact }
    },
  }
  let count = 0
  const primary: ServerObservation = { ...standby, server: 'primary', declaredRole: 'primary' }
  const ports = {
    servers: {
      observe: () => {
        count += 1
        return observe(count)
      },
    },
  }
  const topology = {
    clusters: [{ name: 'main', primary, standbys: options.standbys ?? [standby] }],
    tenants: [],
  }
  const context = { topology, ports, recorder: new Recorder(log, []), clock: makeFakeClock() }
  return { facts, observed: () => count, context: context as unknown as Parameters<typeof withLagSamples>[0] }
}

describe('the sampler of lag', () => {
  it('records how far each standby is behind while the work runs', async () => {
    const { context, facts } = makeContext(async () => standby)
    const work = async () => {
      while (facts.length < 3) await new Promise(resolve => setImmediate(resolve))
      return 'done'
    }
    expect(await withLagSamples(context, work)).toBe('done')
    expect(facts[0]).toEqual({
      type: 'lag.sampled',
      cluster: 'main',
      server: 'standby-1',
      volatile: { lagBytes: 42, lagSeconds: 0.5 },
    })
  })

  it('records nothing any more once the work is over', async () => {
    let answer = (_: ServerObservation): void => undefined
    const { context, facts, observed } = makeContext(
      () =>
        new Promise(resolve => {
          answer = resolve
        }),
    )
    const sampled = withLagSamples(context, async () => {
      while (observed() === 0) await new Promise(resolve => setImmediate(resolve))
    })
    await new Promise(resolve => setImmediate(resolve))
    answer(standby)
    await sampled
    expect(facts).toEqual([])
  })

  it('says that the lag of an unreachable standby is unknown', async () => {
    const { context, facts } = makeContext(async () => ({
      ...standby,
      role: 'unreachable',
      replication: null,
    }))
    await withLagSamples(context, async () => {
      while (facts.length === 0) await new Promise(resolve => setImmediate(resolve))
    })
    expect(facts[0]).toMatchObject({ volatile: { lagBytes: null, lagSeconds: null } })
  })

  it.each(['a server that throws', 'a log that is broken'])('never breaks the work: %s', async what => {
    const broken = what === 'a log that is broken'
    const observe = broken ? async () => standby : () => Promise.reject(new Error('no connection'))
    const { context, observed } = makeContext(observe, { logIsBroken: broken })
    const work = async () => {
      while (observed() < 2) await new Promise(resolve => setImmediate(resolve))
      return 'done'
    }
    expect(await withLagSamples(context, work)).toBe('done')
  })

  it('asks nobody where there is no standby, and ends with the error of the work', async () => {
    const { context, observed } = makeContext(async () => standby, { standbys: [] })
    const failing = withLagSamples(context, () => Promise.reject(new Error('the work failed')))
    await expect(failing).rejects.toThrow('the work failed')
    expect(observed()).toBe(0)
  })
})
