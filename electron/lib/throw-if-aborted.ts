import { setTimeout as delay } from 'node:timers/promises'
import { type Failure, LockstepError } from '../../shared/failure/failure.ts'

/** The failure that stands for a signal that came. */
export function describeAbort(signal: AbortSignal): Failure {
  const reason: unknown = signal.reason
  return { kind: 'cancelled', reason: reason instanceof Error ? reason.message : String(reason) }
}

/** Throws `cancelled` when the signal has come. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new LockstepError(describeAbort(signal))
}

/** Waits, or only until the signal comes; never throws. */
export async function pauseUntil(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined)
}

/** Waits before looking again; throws `cancelled` when the signal comes. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal })
  } catch (error) {
    throwIfAborted(signal)
    throw error
  }
}
