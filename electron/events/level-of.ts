import type { LogLevel } from '../../shared/api/log-line.ts'
import { opensTheWay, type Verdict } from '../../shared/plan/verdict.ts'
import type { RunFact } from '../../shared/run/run-event.ts'
import { assertNever } from '../../shared/text/assert-never.ts'

/** How bad a line is. */
export function levelOf(fact: RunFact): LogLevel {
  switch (fact.type) {
    case 'gate.judged':
    case 'smoke.judged':
    case 'hook.judged':
      return levelOfVerdict(fact.answer.verdict)
    case 'phase.finished':
      return fact.status === 'failed' ? 'error' : 'info'
    case 'server.observed':
      return levelOfServer(fact.observation)
    case 'tenant.voted':
      return fact.vote === 'no' ? 'error' : 'info'
    case 'tenant.unsettled':
      return 'error'
    case 'group.decided':
      return fact.decision === 'rollback' ? 'warning' : 'info'
    case 'group.finished':
      return fact.result === 'unsettled' || fact.result === 'partial' ? 'error' : 'info'
    case 'writes.noted':
      return fact.known ? 'info' : 'warning'
    case 'standby.checked':
      return fact.caughtUp ? 'info' : 'error'
    case 'fingerprints.compared':
    case 'rollback.proven':
      return fact.equal ? 'info' : 'error'
    case 'run.finished':
      return fact.exitCode === 0 ? 'info' : 'error'
    case 'run.interrupted':
    case 'tenant.retried':
    case 'recovery.started':
    case 'recovery.settled':
    case 'log.repaired':
      return 'warning'
    case 'run.started':
    case 'phase.started':
    case 'tenants.discovered':
    case 'source.described':
    case 'lock.acquired':
    case 'plan.made':
    case 'plan.foreseen':
    case 'gate.started':
    case 'approval.recorded':
    case 'snapshot.taken':
    case 'snapshot.copying':
    case 'rollback.proposed':
    case 'tenant.restoring':
    case 'group.started':
    case 'tenant.started':
    case 'statement.executed':
    case 'revision.applied':
    case 'tenant.voting':
    case 'tenant.committed':
    case 'tenant.rolled_back':
    case 'lag.sampled':
    case 'run.pausing':
    case 'run.paused':
    case 'run.resumed':
      return 'info'
    default:
      return assertNever(fact)
  }
}

/** Says whether an event is the failure of a gate, a tenant or a check, and not what follows from one. */
export function isFailureItself(fact: RunFact): boolean {
  switch (fact.type) {
    case 'gate.judged':
    case 'smoke.judged':
    case 'hook.judged':
    case 'tenant.voted':
    case 'tenant.unsettled':
    case 'standby.checked':
    case 'fingerprints.compared':
    case 'rollback.proven':
      return levelOf(fact) === 'error'
    default:
      return false
  }
}

function levelOfVerdict(verdict: Verdict): LogLevel {
  if (!opensTheWay(verdict)) return 'error'
  return verdict === 'warned' || verdict === 'waived' ? 'warning' : 'info'
}

/** A server that cannot be asked is judged by the gates; here it is only remarkable. */
function levelOfServer(observation: Extract<RunFact, { type: 'server.observed' }>['observation']): LogLevel {
  return observation.failure !== null || observation.role !== observation.declaredRole ? 'warning' : 'info'
}
