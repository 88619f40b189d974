import { describe, expect, it } from 'vitest'
import { createStopSwitch } from '../../../electron/engine/context/stop-switch.ts'
import { stopStatementsOnSilence, stopVotesOnLostLock } from '../../../electron/engine/context/watch-lock.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import type { ServerObservation } from '../../../shared/topology/topology.ts'
import { makeFakeClock } from '../fake-clock.ts'

const never = new AbortController().signal
const unreachable: Failure = {
  kind: 'server_unreachable',
  server: 'main',
  endpoint: 'main:5432',
  code: 'ETIMEDOUT',
}
const refused: Failure = { kind: 'authentication_failed', server: 'main', user: 'app' }

/** A run whose lock can be lost, and a server that gives these answers, the last of them for ever. */
function makeRun(answers: readonly (Failure | null)[] = [null]) {
  const clock = makeFakeClock()
  const state = { lost: null as string | null, asked: 0 }
  const observe = async (): Promise<ServerObservation> => {
    const failure = answers[Math.min(state.asked, answers.length - 1)] ?? null
    state.asked += 1
    return { failure } as ServerObservation
  }
  const context = { clock, findLostLock: () => state.lost, ports: { servers: { observe } } }
  const stop = createStopSwitch(never)
  const waitMs = async (milliseconds: number): Promise<void> => {
    const until = clock.monotonicMs() + milliseconds
    while (clock.monotonicMs() < until && !stop.signal.aborted)
      await new Promise(resolve => setImmediate(resolve))
  }
  return { context, clock, state, stop, waitMs }
}

describe('votes that are being collected', () => {
  it('go on while the run lock is held', async () => {
    const { context, stop, waitMs } = makeRun()
    expect(await stopVotesOnLostLock(context, stop, () => waitMs(600_000).then(() => 'voted'))).toBe('voted')
    expect(stop.signal.aborted).toBe(false)
  })

  it('are stopped within two seconds once it is lost, whether or not its server answers', async () => {
    const { context, clock, state, stop, waitMs } = makeRun([null])
    await stopVotesOnLostLock(context, stop, async () => {
      await waitMs(30_000)
      state.lost = 'main'
      await waitMs(600_000)
    })
    expect(stop.signal.aborted).toBe(true)
    expect(clock.monotonicMs()).toBeLessThanOrEqual(32_000)
  })

  it('leave no watch behind, and pass on the error of the work', async () => {
    const { context, clock, stop } = makeRun()
    const failing = stopVotesOnLostLock(context, stop, () => Promise.reject(new Error('no disk')))
    await expect(failing).rejects.toThrow('no disk')
    const slept = clock.slept.length
    for (let turn = 0; turn < 100; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(clock.slept.length).toBe(slept)
  })
})

describe('statements that commit by themselves', () => {
  it('are not stopped while the server answers, or refuses in words, though the lock is lost', async () => {
    for (const answer of [null, refused]) {
      const { context, state, stop, waitMs } = makeRun([answer])
      state.lost = 'main'
      await stopStatementsOnSilence(context, stop, () => waitMs(600_000))
      expect(stop.signal.aborted).toBe(false)
      expect(state.asked).toBeGreaterThan(100)
    }
  })

  it('are stopped after a minute without any answer', async () => {
    const { context, clock, state, stop, waitMs } = makeRun([unreachable])
    state.lost = 'main'
    await stopStatementsOnSilence(context, stop, () => waitMs(600_000))
    expect(stop.signal.aborted).toBe(true)
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(60_000)
    expect(clock.monotonicMs()).toBeLessThan(70_000)
  })

  it('are given another minute by every answer in between', async () => {
    const silence = Array.from({ length: 50 }, () => unreachable)
    const { context, clock, state, stop, waitMs } = makeRun([...silence, null, ...silence, null])
    state.lost = 'main'
    await stopStatementsOnSilence(context, stop, () => waitMs(300_000))
    expect(stop.signal.aborted).toBe(false)
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(300_000)
  })

  it('cost the server no question while the lock is held', async () => {
    const { context, state, stop, waitMs } = makeRun([unreachable])
    await stopStatementsOnSilence(context, stop, () => waitMs(600_000))
    expect(state.asked).toBe(0)
    expect(stop.signal.aborted).toBe(false)
  })
})
