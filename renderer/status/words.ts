import type { Outcome } from '../../shared/run/outcome.ts'
import type { TenantStatus } from '../../shared/run/run-state.ts'
import { assertNever } from '../../shared/text/assert-never.ts'

/** Where a tenant stands, as people say it. */
export function wordOfStatus(status: TenantStatus): string {
  switch (status) {
    case 'prepared':
      return 'voted yes'
    case 'up_to_date':
      return 'already applied'
    case 'unsettled':
      return 'not settled'
    case 'waiting':
      return 'not begun'
    case 'running':
    case 'committed':
    case 'rolled_back':
    case 'failed':
      return status.replaceAll('_', ' ')
    default:
      return assertNever(status)
  }
}

/** How a run ended, as people say it; a run that undoes another one has not migrated, it went back. */
export function wordOfOutcome(outcome: Outcome | null, alive: boolean, undoes?: string | null): string {
  if (outcome === null) return alive ? 'running' : 'cut off'
  if (undoes != null && outcome === 'migrated') return 'rolled back'
  if (undoes != null && outcome === 'rolled_back') return 'was not rolled back'
  return outcome === 'needs_human' ? 'needs a human' : outcome.replaceAll('_', ' ')
}
