import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { deadlineSignal, withDeadline, withEither } from '../../electron/lib/with-deadline.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Resolves with the reason when the signal aborts, and collects garbage all the while. */
function untilAborted(signal: AbortSignal): Promise<unknown> {
  return new Promise(resolve => {
    const collecting = setInterval(collectGarbage, 5)
    signal.addEventListener('abort', () => {
      clearInterval(collecting)
      resolve(signal.reason)
    })
  })
}

const never = new AbortController().signal

describe('a deadline', () => {
  it('passes although nobody else holds it and garbage is collected meanwhile', async () => {
    expect(await untilAborted(deadlineSignal(50))).toMatchObject({ name: 'TimeoutError' })
    expect(await untilAborted(AbortSignal.any([never, deadlineSignal(50)]))).toMatchObject({
      name: 'TimeoutError',
    })
    expect(await withDeadline(never, 50, untilAborted)).toMatchObject({ name: 'TimeoutError' })
    const nested = withDeadline(never, 50, outer => withEither([outer, never], untilAborted))
    expect(await nested).toMatchObject({ name: 'TimeoutError' })
  })

  it('is not waited for when the work is done or the signal comes, and says which of them it was', async () => {
    expect(await withDeadline(never, 60_000, async () => 'done')).toBe('done')
    const stop = new AbortController()
    const waiting = withDeadline(stop.signal, 60_000, untilAborted)
    stop.abort('told to')
    expect(await waiting).toBe('told to')
    expect(await withDeadline(AbortSignal.abort('before'), 60_000, async one => one.reason)).toBe('before')
  })

  it('leaves nothing behind that listens to the signal', async () => {
    const stop = new AbortController()
    let given: AbortSignal | undefined
    const work = async (bounded: AbortSignal): Promise<void> => {
      given = bounded
      throw new Error('failed')
    }
    await expect(withDeadline(stop.signal, 60_000, work)).rejects.toThrow('failed')
    stop.abort()
    expect(given?.aborted).toBe(false)
  })
})
