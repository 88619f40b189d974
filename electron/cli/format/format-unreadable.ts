import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import type { UnreadableTenant } from '../../../shared/topology/topology.ts'

/** Why a tenant cannot be read, for its row of a table; what a run of ours has closed comes with what opens it. */
export function formatUnreadable({ failure }: Pick<UnreadableTenant, 'failure'>): string {
  const { what, why, fix } = describeFailure(failure)
  const isOurs = failure.kind === 'database_closed' && failure.by !== undefined
  return `cannot be read: ${what}${isOurs ? ` ${why} Next: ${fix}` : ''}`
}
