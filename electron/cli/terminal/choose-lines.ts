import type { RunEvent, RunEventType } from '../../../shared/run/run-event.ts'
import type { RunState } from '../../../shared/run/run-state.ts'

/** With more tenants than this, only those that stand out get lines of their own. */
const manyTenants = 20

const routine: ReadonlySet<RunEventType> = new Set<RunEventType>([
  'phase.started',
  'gate.started',
  'snapshot.taken',
  'writes.noted',
  'tenant.started',
  'statement.executed',
  'revision.applied',
  'tenant.voting',
  'lag.sampled',
])

/** Says whether an event is worth a line in a log that people read; everything is in the run log anyway. */
export function isWorthALine(event: RunEvent, state: RunState): boolean {
  if (routine.has(event.type)) return false
  const isFew = state.tenants.length <= manyTenants
  switch (event.type) {
    case 'tenant.voted':
      return isFew || event.vote === 'no'
    case 'snapshot.copying':
    case 'tenant.restoring':
    case 'tenant.committed':
    case 'tenant.rolled_back':
    case 'recovery.settled':
      return isFew
    case 'fingerprints.compared':
      return !event.equal
    case 'rollback.proven':
      return isFew || !event.equal
    default:
      return true
  }
}
