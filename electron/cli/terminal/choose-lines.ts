import { type RunEvent, specOf } from '../../../shared/run/run-event.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'

/** With more tenants than this, only those that stand out get lines of their own. */
const manyTenants = 20

/** Says whether an event is worth a line in a log that people read; everything is in the run log anyway. */
export function isWorthALine(event: RunEvent, state: RunState): boolean {
  const { visibility } = specOf(event)
  const seen = typeof visibility === 'function' ? visibility(event) : visibility
  switch (seen) {
    case 'always':
      return true
    case 'few_tenants':
      return state.tenants.length <= manyTenants
    case 'verbose':
      return false
    default:
      return assertNever(seen)
  }
}
