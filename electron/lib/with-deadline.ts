import { setMaxListeners } from 'node:events'

/**
 * Signals that abort when their time is over, whatever becomes of the code that made them.
 *
 * Node collects a signal of `AbortSignal.timeout` as garbage, and its abort with it, when only `AbortSignal.any` knows
 * of it (nodejs/node#57736, up to Node 22); later versions may lose the abort of any source that is collected
 * (nodejs/node#65995). So a deadline that matters is held here by its own timer, and passed on by listeners.
 */

/** A signal that aborts after so many milliseconds; it does not keep the process. */
export function deadlineSignal(milliseconds: number): AbortSignal {
  const deadline = new AbortController()
  setTimeout(() => deadline.abort(timeIsOver()), milliseconds).unref()
  return deadline.signal
}

/** Lends a signal that aborts after so many milliseconds, or before with the one given. */
export async function withDeadline<Result>(
  signal: AbortSignal,
  milliseconds: number,
  use: (bounded: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(timeIsOver()), milliseconds)
  try {
    return await withEither([signal, deadline.signal], use)
  } finally {
    clearTimeout(timer)
  }
}

/** Lends a signal that aborts with the first of several, and lets go of them in the end. */
export async function withEither<Result>(
  signals: readonly AbortSignal[],
  use: (either: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const either = new AbortController()
  const letGo = signals.map(signal => {
    // One signal ends a whole run: Node takes more than ten listeners for a leak.
    setMaxListeners(0, signal)
    const follow = (): void => either.abort(signal.reason)
    if (signal.aborted) follow()
    else signal.addEventListener('abort', follow, { once: true })
    return () => signal.removeEventListener('abort', follow)
  })
  try {
    return await use(either.signal)
  } finally {
    for (const end of letGo) end()
  }
}

function timeIsOver(): DOMException {
  return new DOMException('The operation was aborted due to timeout', 'TimeoutError')
}
