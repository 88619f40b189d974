import { listPlanned } from '../../shared/plan/plan-selectors.ts'
import { gateNames } from '../../shared/plan/verdict.ts'
import { type RunEvent, specOf } from '../../shared/run/run-event.ts'
import { assertNever } from '../../shared/text/assert-never.ts'

/** A subject as a key to sort by: rank of its kind, place in the plan, then names; null is a barrier. */
type SortKey = readonly (number | string)[] | null

/** Finds the key of each event of one run. */
function createKeyFinder(events: readonly RunEvent[]): (event: RunEvent) => SortKey {
  const servers = orderServers(events)
  const tenants = orderTenants(events)
  const place = (names: readonly string[], name: string) => {
    const index = names.indexOf(name)
    return index < 0 ? names.length : index
  }
  return event => {
    const subject = specOf(event).subject(event)
    if (subject === null) return null
    const { name } = subject
    switch (subject.of) {
      case 'cluster':
        return [0, 0, name]
      case 'server':
        return [1, place(servers, name), name]
      case 'gate':
        return [2, place(gateNames, name), name]
      case 'tenant':
        return [3, place(tenants, name), name]
      case 'tenant on a server':
        return [4, place(tenants, name), name, place(servers, subject.server), subject.server]
      case 'smoke test':
        return [5, 0, name]
      default:
        return assertNever(subject)
    }
  }
}

/** Sorts the events between two barriers by subject; each subject's own order stays. */
export function orderBySubject(events: readonly RunEvent[]): readonly RunEvent[] {
  const findKey = createKeyFinder(events)
  const ordered: RunEvent[] = []
  let stretch: { readonly event: RunEvent; readonly key: readonly (number | string)[] }[] = []
  const flush = () => {
    stretch.sort((one, other) => compareKeys(one.key, other.key))
    ordered.push(...stretch.map(({ event }) => event))
    stretch = []
  }
  for (const event of events) {
    const key = findKey(event)
    if (key === null) {
      flush()
      ordered.push(event)
    } else {
      stretch.push({ event, key })
    }
  }
  flush()
  return ordered
}

function compareKeys(one: readonly (number | string)[], other: readonly (number | string)[]): number {
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
  return [...keys].sort(([, one], [, other]) => compareKeys(one, other)).map(([server]) => server)
}

function orderTenants(events: readonly RunEvent[]): readonly string[] {
  const planned = events.findLast(event => event.type === 'plan.made')
  if (planned?.type === 'plan.made') {
    return listPlanned(planned.plan).map(tenant => tenant.tenant)
  }
  const found = events.findLast(event => event.type === 'tenants.discovered')
  return found?.type === 'tenants.discovered' ? found.tenants.map(tenant => tenant.name) : []
}
