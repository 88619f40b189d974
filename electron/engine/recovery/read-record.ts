import type { Plan } from '../../../shared/plan/plan.ts'
import { listPlanned } from '../../../shared/plan/plan-selectors.ts'
import { allowsRun } from '../../../shared/plan/verdict.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { readVolatileText } from '../../../shared/text/volatile.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { Snapshot } from '../context/run-context.ts'

/** A tenant that may have been about to vote when its run died. */
export interface OpenBallot {
  readonly tenant: string
  readonly gid: string
  readonly xid: string | null
  /** RFC 3339: when it was about to. */
  readonly at: string
}

/** What the log of a run says that matters for settling it. */
export interface RunRecord {
  readonly plan: Plan
  /** What each tenant is compared with: its snapshot, or what planning saw when the run died before. */
  readonly snapshots: ReadonlyMap<string, Snapshot>
  /** The last decision of each group: a later one, written when a commit decision could not be made durable, counts. */
  readonly decisions: ReadonlyMap<string, 'commit' | 'rollback'>
  readonly openBallots: readonly OpenBallot[]
  /** Tenants whose end is in the log already. */
  readonly ended: ReadonlySet<string>
  /** Tenants that were begun. */
  readonly begun: ReadonlySet<string>
  /** Whether the run is a rollback of another one. */
  readonly isRollback: boolean
  /** Whether a part of the log could not be believed and was set aside. */
  readonly isDamaged: boolean
  /** Whether the run had a reason not to decide on any further group. */
  readonly isStopped: boolean
}

/** Reads the record of a run; null when it died before there was a plan, and so before anything could change. */
export function readRecord(events: readonly RunEvent[]): RunRecord | null {
  const planned = events.findLast(event => event.type === 'plan.made')
  if (planned?.type !== 'plan.made') return null
  const snapshots = new Map<string, Snapshot>()
  for (const tenant of listPlanned(planned.plan))
    snapshots.set(tenant.tenant, { heads: tenant.from, fingerprint: tenant.fingerprint, items: [] })
  const decisions = new Map<string, 'commit' | 'rollback'>()
  const ballots = new Map<string, OpenBallot>()
  const ended = new Set<string>()
  const begun = new Set<string>()
  for (const event of events) {
    switch (event.type) {
      case 'snapshot.taken':
        snapshots.set(event.tenant, { heads: event.heads, fingerprint: event.fingerprint, items: [] })
        break
      case 'group.decided':
        decisions.set(event.group, event.decision)
        break
      case 'tenant.started':
        begun.add(event.tenant)
        ended.delete(event.tenant)
        break
      case 'tenant.voting': {
        const gid = readVolatileText(event.volatile, 'gid')
        const xid = readVolatileText(event.volatile, 'xid')
        if (gid !== null) ballots.set(event.tenant, { tenant: event.tenant, gid, xid, at: event.at })
        break
      }
      case 'tenant.committed':
      case 'tenant.rolled_back':
      case 'recovery.settled':
        ended.add(event.tenant)
        break
      default:
        break
    }
  }
  return {
    plan: planned.plan,
    snapshots,
    decisions,
    openBallots: [...ballots.values()],
    ended,
    begun,
    isRollback: events.some(event => event.type === 'run.started' && event.intent.verb === 'rollback'),
    isDamaged: events.some(isSetAside),
    isStopped: events.some(isReasonToStop),
  }
}

/** Whether an event says that a part of the log was set aside that may have held more than a line whose writing was cut off. */
export function isSetAside(event: RunEvent): boolean {
  return event.type === 'log.repaired' && readVolatileText(event.volatile, 'damage') !== null
}

/** What makes a run undo the votes that it holds: it says so itself, it was stopped, or a group that has committed is not well. */
function isReasonToStop(event: RunEvent): boolean {
  switch (event.type) {
    case 'run.interrupted':
    case 'run.finished':
    case 'tenant.unsettled':
    // Copies that have not taken their places are removed: what they were to be part of cannot be whole any more.
    case 'tenant.restoring':
      return true
    case 'group.decided':
      return event.decision === 'rollback'
    case 'smoke.judged':
    case 'hook.judged':
      return !allowsRun(event.answer.verdict)
    case 'standby.checked':
      return !event.caughtUp
    case 'fingerprints.compared':
      return !event.equal
    default:
      return false
  }
}

/** The tenants as the run saw them; null when it died before it had found them. */
export function readDiscovered(events: readonly RunEvent[]): readonly Tenant[] | null {
  const discovered = events.findLast(event => event.type === 'tenants.discovered')
  return discovered?.type === 'tenants.discovered' ? discovered.tenants : null
}
