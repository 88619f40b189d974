import type { Failure } from '../../../shared/failure/failure.ts'
import type { Outcome } from '../../../shared/run/outcome.ts'
import type { InterruptionSignal } from '../../../shared/run/run-intent.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'

/** How a run that failed before anything was migrated ends: nothing has changed. */
export function outcomeBeforeExecution(failure: Failure): Outcome {
  switch (failure.kind) {
    case 'gates_stopped':
    case 'hook_stopped':
    case 'snapshot_failed':
    case 'rollback_refused':
    case 'tenant_in_use':
    case 'several_heads':
    case 'revision_unknown':
    case 'migration_edited':
      return 'stopped_by_gate'
    case 'tenants_unreadable':
      // A database that is nowhere is a word of the project file, not a state of the fleet.
      return failure.tenants.every(one => one.failure.kind === 'database_missing')
        ? 'config_invalid'
        : 'stopped_by_gate'
    case 'approval_missing':
    case 'plan_void':
    case 'loss_not_accepted':
    case 'confirmation_missing':
      return 'approval_refused'
    // No connection was to be had: that is the server's state, like what a gate finds.
    case 'database_error':
      return failure.sqlstate === '53300' ? 'stopped_by_gate' : 'tool_failed'
    case 'record_damaged':
      return 'needs_human'
    case 'run_locked':
    case 'run_unfinished':
      return 'locked'
    case 'config_missing':
    case 'config_invalid':
    case 'usage':
    case 'tenants_empty':
    case 'tenant_unknown':
    case 'database_closed':
    case 'database_missing':
    case 'authentication_failed':
    case 'pooler_refused':
    case 'primary_missing':
    case 'compose_missing':
    case 'compose_invalid':
    case 'docker_unavailable':
    case 'service_unknown':
    case 'container_not_running':
    case 'interpreter_missing':
    case 'alembic_missing':
    case 'alembic_config_missing':
    case 'source_failed':
    case 'wrong_database':
    case 'vote_unfinishable':
    case 'run_unknown':
      return 'config_invalid'
    default:
      return 'tool_failed'
  }
}

/** What is known when the work on the tenants is over. */
export interface ExecutionFacts {
  readonly failure: Failure | null
  readonly committed: number
  /** Planned tenants that did not commit. */
  readonly left: number
  readonly unsettled: number
  /** Null when every tenant that did not commit is proven to be as it was. */
  readonly unproven: Failure | null
  readonly interruptedBy: InterruptionSignal | null
}

/** How a run ends after it began to migrate. */
export function outcomeAfterExecution(facts: ExecutionFacts): Outcome {
  if (facts.failure === null && facts.left === 0 && facts.unsettled === 0) return 'migrated'
  if (facts.committed > 0 || facts.unsettled > 0 || facts.unproven) return 'needs_human'
  if (facts.interruptedBy !== null) return outcomeOfInterruption(facts.interruptedBy)
  // What was approved is not what would have happened: as if it had shown before any tenant began.
  if (facts.failure?.kind === 'plan_void') return 'approval_refused'
  return 'rolled_back'
}

/** How something ends that was interrupted, and has undone what it began. */
export function outcomeOfInterruption(by: InterruptionSignal): 'interrupted' | 'terminated' | 'hung_up' {
  switch (by) {
    case 'SIGINT':
    case 'abort':
      return 'interrupted'
    case 'SIGTERM':
      return 'terminated'
    case 'SIGHUP':
      return 'hung_up'
    default:
      return assertNever(by)
  }
}
