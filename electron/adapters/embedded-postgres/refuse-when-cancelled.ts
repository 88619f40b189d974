import { LockstepError } from '../../../shared/failure/failure.ts'

/** Throws when work was cancelled, between two steps. */
export function refuseWhenCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return
  const { reason } = signal
  throw new LockstepError({
    kind: 'cancelled',
    reason: reason instanceof Error ? reason.message : String(reason),
  })
}
