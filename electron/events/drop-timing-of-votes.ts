import { type RunEvent, specOf } from '../../shared/run/run-event.ts'

/**
 * Leaves out what only timing decides about votes: attempts that lost a lock race, and, in a group in which a vote
 * failed, how far the tenants without a fault of their own had come when they were told to stop.
 */
export function dropTimingOfVotes(events: readonly RunEvent[]): readonly RunEvent[] {
  const dropped = new Set([...findAbandonedAttempts(events), ...findStoppedProgress(events)])
  return events.filter(event => !dropped.has(event))
}

function findAbandonedAttempts(events: readonly RunEvent[]): readonly RunEvent[] {
  const abandoned: RunEvent[] = []
  const attempts = new Map<string, RunEvent[]>()
  for (const event of events) {
    if (!('tenant' in event) || event.tenant === null) continue
    if (event.type === 'tenant.started') attempts.set(event.tenant, [])
    if (specOf(event).timing === 'attempt') attempts.get(event.tenant)?.push(event)
    if (event.type === 'tenant.retried') {
      abandoned.push(...(attempts.get(event.tenant) ?? []))
      attempts.set(event.tenant, [])
    }
  }
  return abandoned
}

function findStoppedProgress(events: readonly RunEvent[]): readonly RunEvent[] {
  const votedDown = findGroupsVotedDown(events)
  const atFault = findTenantsAtFault(events)
  return events.filter(
    event =>
      saysHowFar(event) &&
      'tenant' in event &&
      'group' in event &&
      event.group !== null &&
      event.tenant !== null &&
      votedDown.has(event.group) &&
      !atFault.has(event.tenant),
  )
}

/** Groups that were rolled back because of one of their own; those that merely went with them are as they are. */
function findGroupsVotedDown(events: readonly RunEvent[]): ReadonlySet<string> {
  const refused = new Set<string>()
  const rolledBack = new Set<string>()
  for (const event of events) {
    if (event.type === 'tenant.voted' && event.vote === 'no') refused.add(event.group)
    if (event.type === 'group.decided' && event.decision === 'rollback') rolledBack.add(event.group)
  }
  return new Set([...refused].filter(group => rolledBack.has(group)))
}

function findTenantsAtFault(events: readonly RunEvent[]): ReadonlySet<string> {
  const atFault = new Set<string>()
  for (const event of events) {
    if (event.type === 'tenant.unsettled') atFault.add(event.tenant)
    if (event.type === 'tenant.voted' && event.vote === 'no' && event.failure?.kind !== 'cancelled') {
      atFault.add(event.tenant)
    }
  }
  return atFault
}

/** Whether it says how far a tenant came before its group was given up. */
function saysHowFar(event: RunEvent): boolean {
  const { timing } = specOf(event)
  return timing === 'attempt' || timing === 'progress'
}
