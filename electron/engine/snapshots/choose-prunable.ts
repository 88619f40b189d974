import type { StoredSnapshot } from '../../../shared/run/rollback.ts'

/** Copies of tenants beyond the number that is kept; the last one before a run that committed always stays. */
export function choosePrunable(
  kept: readonly StoredSnapshot[],
  keep: number,
  hasCommitted: (runId: string) => boolean,
): readonly StoredSnapshot[] {
  const byTenant = new Map<string, StoredSnapshot[]>()
  for (const snapshot of kept) {
    const key = `${snapshot.cluster}/${snapshot.tenant}`
    byTenant.set(key, [...(byTenant.get(key) ?? []), snapshot])
  }
  return [...byTenant.values()].flatMap(snapshots => {
    const newestFirst = [...snapshots].sort((a, b) => (a.runId < b.runId ? 1 : -1))
    const needed = newestFirst.find(snapshot => hasCommitted(snapshot.runId))
    return newestFirst.slice(Math.max(1, keep)).filter(snapshot => snapshot !== needed)
  })
}
