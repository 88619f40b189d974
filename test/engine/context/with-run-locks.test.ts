import { describe, expect, it } from 'vitest'
import { withRunLocks } from '../../../electron/engine/context/with-run-locks.ts'
import type { AcquiredLock, HeldLock } from '../../../electron/engine/ports/servers.ts'
import { Recorder } from '../../../electron/engine/recording/recorder.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'
import { makeFakeClock } from '../fake-clock.ts'

const never = new AbortController().signal

/** Clusters whose locks are held for a number of attempts, and a diary of what was done. */
function makeContext(heldFor: Readonly<Record<string, number>>, names = Object.keys(heldFor)) {
  const diary: string[] = []
  const attempts = new Map<string, number>()
  const held = new Map<string, boolean>()
  const acquire = async (server: string): Promise<AcquiredLock | HeldLock> => {
    const count = (attempts.get(server) ?? 0) + 1
    attempts.set(server, count)
    if (count <= (heldFor[server] ?? 0)) return { acquired: false, holder: 'lockstep other' }
    diary.push(`take ${server}`)
    held.set(server, true)
    return {
      acquired: true,
      isHeld: () => held.get(server) === true,
      release: async () => void diary.push(`release ${server}`),
    }
  }
  const log = {
    runId: 'run',
    close: async () => undefined,
    append: async (fact: RunFact) => ({ v: 1 as const, runId: 'run', seq: 1, at: '', ...fact }),
  }
  const clusters = names.map(name => ({ name, primary: { server: name }, standbys: [] }))
  const clock = makeFakeClock()
  const context = {
    ports: { locks: { acquire }, clock },
    recorder: new Recorder(log, []),
    topology: { clusters, tenants: [] },
  } as unknown as Parameters<typeof withRunLocks>[0]
  return { context, diary, clock, lose: (server: string) => held.set(server, false) }
}

describe('withRunLocks', () => {
  it('takes the locks of all clusters in one order, and gives them back in the other', async () => {
    const { context, diary } = makeContext({ b: 0, a: 0 })
    await withRunLocks(context, 0, async () => void diary.push('work'), never)
    expect(diary).toEqual(['take a', 'take b', 'work', 'release b', 'release a'])
  })

  it('gives back what it has when another run holds the next', async () => {
    const { context, diary } = makeContext({ a: 0, b: 99 })
    const refused = await withRunLocks(context, 0, async () => undefined, never).catch(toFailure)
    expect(refused).toEqual({ kind: 'run_locked', cluster: 'b', holder: 'lockstep other' })
    expect(diary).toEqual(['take a', 'release a'])
  })

  it('gives them back when the work fails', async () => {
    const { context, diary } = makeContext({ a: 0 })
    const failing = withRunLocks(context, 0, () => Promise.reject(new Error('failed')), never)
    await expect(failing).rejects.toThrow('failed')
    expect(diary).toEqual(['take a', 'release a'])
  })

  it('waits for as long as it was told to', async () => {
    const patient = makeContext({ a: 4 })
    await withRunLocks(patient.context, 60, async () => undefined, never)
    expect(patient.clock.slept).toHaveLength(4)
    const impatient = makeContext({ a: 99 })
    const refused = await withRunLocks(impatient.context, 1, async () => undefined, never).catch(toFailure)
    expect(refused).toMatchObject({ kind: 'run_locked' })
    expect(impatient.clock.monotonicMs()).toBe(1_000)
  })

  it('does not wait after an interruption', async () => {
    const { context, clock } = makeContext({ a: 99 })
    const refused = await withRunLocks(context, 60, async () => undefined, AbortSignal.abort()).catch(
      toFailure,
    )
    expect(refused).toMatchObject({ kind: 'run_locked' })
    expect(clock.slept).toEqual([])
  })

  it('names the server whose lock is lost, as soon as it is', async () => {
    const { context, lose } = makeContext({ a: 0, b: 0 })
    await withRunLocks(
      context,
      0,
      async findLostLock => {
        expect(findLostLock()).toBeNull()
        lose('b')
        expect(findLostLock()).toBe('b')
      },
      never,
    )
  })
})
