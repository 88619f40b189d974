import { listPlanned } from '../../shared/plan/plan-selectors.ts'
import { gateNames } from '../../shared/plan/verdict.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { assertNever } from '../../shared/text/assert-never.ts'

/**
 * What an event is about, as a key to sort by: rank of the kind, place in the plan, then names.
 * Null: about the run as a whole, a barrier that nothing is moved across.
 */
export type Subject = readonly (number | string)[] | null

/** Finds the subject of each event of one run. */
export function createSubjectFinder(events: readonly RunEvent[]): (event: RunEvent) => Subject {
  const servers = orderServers(events)
  const tenants = orderTenants(events)
  const place = (names: readonly string[], name: string) => {
    const index = names.indexOf(name)
    return index < 0 ? names.length : index
  }
  const ofServer = (name: string): Subject => [1, place(servers, name), name]
  const ofGate = (name: string): Subject => [2, place(gateNames, name), name]
  const ofTenant = (name: string): Subject => [3, place(tenants, name), name]

  return event => {
    switch (event.type) {
      case 'lock.acquired':
        return [0, 0, event.cluster]
      case 'server.observed':
      case 'standby.checked':
      case 'lag.sampled':
        return ofServer(event.server)
      case 'gate.started':
      case 'gate.judged':
        return ofGate(event.gate)
      case 'snapshot.taken':
      case 'snapshot.copying':
      case 'writes.noted':
      case 'tenant.restoring':
      case 'tenant.started':
      case 'statement.executed':
      case 'revision.applied':
      case 'tenant.voting':
      case 'tenant.voted':
      case 'tenant.committed':
      case 'tenant.rolled_back':
      case 'tenant.unsettled':
      case 'tenant.retried':
      case 'rollback.proven':
      case 'recovery.settled':
        return ofTenant(event.tenant)
      case 'fingerprints.compared':
        return [4, place(tenants, event.tenant), event.tenant, place(servers, event.server), event.server]
      case 'smoke.judged':
        return [5, 0, event.test]
      case 'run.started':
      case 'phase.started':
      case 'phase.finished':
      case 'tenants.discovered':
      case 'source.described':
      case 'plan.made':
      case 'plan.foreseen':
      case 'rollback.proposed':
      case 'approval.recorded':
      case 'hook.judged':
      case 'group.started':
      case 'group.decided':
      case 'group.finished':
      case 'run.interrupted':
      case 'run.pausing':
      case 'run.paused':
      case 'run.resumed':
      case 'recovery.started':
      case 'log.repaired':
      case 'run.finished':
        return null
      default:
        return assertNever(event)
    }
  }
}

/** Sorts the events between two barriers by subject; each subject's own order stays. */
export function orderBySubject(events: readonly RunEvent[]): readonly RunEvent[] {
  const findSubject = createSubjectFinder(events)
  const ordered: RunEvent[] = []
  let stretch: { readonly event: RunEvent; readonly subject: readonly (number | string)[] }[] = []
  const flush = () => {
    stretch.sort((one, other) => compareSubjects(one.subject, other.subject))
    ordered.push(...stretch.map(({ event }) => event))
    stretch = []
  }
  for (const event of events) {
    const subject = findSubject(event)
    if (subject === null) {
      flush()
      ordered.push(event)
    } else {
      stretch.push({ event, subject })
    }
  }
  flush()
  return ordered
}

function compareSubjects(one: readonly (number | string)[], other: readonly (number | string)[]): number {
  for (const [index, left] of one.entries()) {
    const right = other[index]
    if (right === undefined) return 1
    if (left !== right) return left < right ? -1 : 1
  }
  return one.length - other.length
}

/** Cluster by cluster, the primary first, then by name: the order of arrival says nothing. */
function orderServers(events: readonly RunEvent[]): readonly string[] {
  const keys = new Map<string, readonly string[]>()
  for (const event of events) {
    if (event.type !== 'server.observed') continue
    const { cluster, declaredRole } = event.observation
    keys.set(event.server, [cluster, declaredRole, event.server])
  }
  return [...keys].sort(([, one], [, other]) => compareSubjects(one, other)).map(([server]) => server)
}

function orderTenants(events: readonly RunEvent[]): readonly string[] {
  const planned = events.findLast(event => event.type === 'plan.made')
  if (planned?.type === 'plan.made') {
    return listPlanned(planned.plan).map(tenant => tenant.tenant)
  }
  const found = events.findLast(event => event.type === 'tenants.discovered')
  return found?.type === 'tenants.discovered' ? found.tenants.map(tenant => tenant.name) : []
}
