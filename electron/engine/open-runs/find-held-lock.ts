import type { ClusterLocks } from '../ports/servers.ts'

/** A run lock that somebody has, and who: a run would be refused, or wait. */
export interface LockInTheWay {
  readonly cluster: string
  readonly holder: string
}

/** The first cluster whose run lock somebody has; null where every lock is free. */
export async function findHeldLock(
  primaries: readonly { readonly name: string; readonly cluster: string }[],
  locks: Pick<ClusterLocks, 'readHolder'>,
  signal: AbortSignal,
): Promise<LockInTheWay | null> {
  for (const { name, cluster } of primaries) {
    const holder = await locks.readHolder(name, signal)
    if (holder !== null) return { cluster, holder }
  }
  return null
}
