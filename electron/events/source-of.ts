import type { LogSource } from '../../shared/api/log-line.ts'
import type { RunEventType, RunFact } from '../../shared/run/run-event.ts'
import { assertNever } from '../../shared/text/assert-never.ts'

/** Who speaks in a line. */
export function sourceOf(fact: Pick<RunFact, 'type'>): LogSource {
  return sourceOfType(fact.type)
}

function sourceOfType(type: RunEventType): LogSource {
  switch (type) {
    case 'run.started':
    case 'phase.started':
    case 'phase.finished':
    case 'plan.made':
    case 'rollback.proposed':
    case 'lock.acquired':
    case 'group.started':
    case 'group.decided':
    case 'group.finished':
    case 'run.paused':
    case 'recovery.started':
    case 'recovery.settled':
    case 'log.repaired':
    case 'run.finished':
      return 'engine'
    case 'server.observed':
    case 'tenants.discovered':
    case 'snapshot.taken':
    case 'snapshot.copying':
    case 'writes.noted':
    case 'tenant.restoring':
    case 'standby.checked':
    case 'fingerprints.compared':
    case 'rollback.proven':
    case 'lag.sampled':
      return 'server'
    case 'source.described':
    case 'tenant.started':
    case 'statement.executed':
    case 'revision.applied':
    case 'tenant.voting':
    case 'tenant.voted':
    case 'tenant.committed':
    case 'tenant.rolled_back':
    case 'tenant.unsettled':
    case 'tenant.retried':
      return 'migration'
    case 'plan.foreseen':
    case 'gate.started':
    case 'gate.judged':
    case 'smoke.judged':
    case 'hook.judged':
      return 'gate'
    case 'approval.recorded':
    case 'run.interrupted':
    case 'run.pausing':
    case 'run.resumed':
      return 'person'
    default:
      return assertNever(type)
  }
}
