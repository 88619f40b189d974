import type { RunView } from '../../../../shared/api/run-view.ts'

/** Whether a tenant is left to be rolled back: only what committed can be undone, and only here; a run from a file is read. */
export function canRollBack({ state, summary, links }: RunView): boolean {
  if (summary.isImported || state.intent?.verb === 'rollback') return false
  if (state.outcome !== 'migrated' && state.outcome !== 'needs_human') return false
  const moved = state.tenants.filter(one => one.status === 'committed').length
  // One that is at work, or cannot be read, may have rolled back every tenant.
  const back = links.map(link => (link.kind === 'rolled_back_by' ? (link.undone ?? moved) : 0))
  return back.length === 0 || back.reduce((sum, count) => sum + count, 0) < moved
}
