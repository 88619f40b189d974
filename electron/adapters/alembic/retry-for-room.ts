import type { Failure } from '../../../shared/failure/failure.ts'
import { pauseUntil } from '../../lib/throw-if-aborted.ts'

const timeoutMs = 3_000
const pauseMs = 100

/** Tries again for a while where a limit of connections left `env.py` none: sessions of ours may be what fills it. */
export async function retryForRoom<T>(
  attempt: () => Promise<T>,
  failureOf: (result: T) => Failure | undefined,
  makeRoom: () => Promise<void>,
  signal: AbortSignal,
): Promise<T> {
  const until = performance.now() + timeoutMs
  for (;;) {
    const result = await attempt()
    const failure = failureOf(result)
    const isFull = failure?.kind === 'database_error' && failure.sqlstate === '53300'
    if (!isFull || signal.aborted || performance.now() > until) return result
    await makeRoom()
    await pauseUntil(pauseMs, signal)
  }
}
