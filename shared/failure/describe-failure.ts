import { assertNever } from '../text/assert-never.ts'
import { countOf, listNames, toOneLine } from '../text/plain-words.ts'
import { describeDatabaseFailure } from './describe-database-failure.ts'
import { describeDockerFailure } from './describe-docker-failure.ts'
import { describeMigrationFailure } from './describe-migration-failure.ts'
import { describeRecoveryFailure } from './describe-recovery-failure.ts'
import { describeRollbackFailure } from './describe-rollback-failure.ts'
import { describeRunFailure } from './describe-run-failure.ts'
import { describeSessionFailure } from './describe-session-failure.ts'
import { describeUnreadable } from './describe-unreadable.ts'
import type { Failure } from './failure.ts'
import type { FailureWords } from './failure-words.ts'

/** Puts a failure into words; the only place where that happens. */
export function describeFailure(failure: Failure): FailureWords {
  const words = describeKind(failure)
  return {
    what: toOneLine(words.what),
    where: toOneLine(words.where),
    why: toOneLine(words.why),
    fix: toOneLine(words.fix),
  }
}

function describeKind(failure: Failure): FailureWords {
  switch (failure.kind) {
    case 'config_missing':
      return {
        what: 'There is no lockstep.yml.',
        where: failure.searchedFrom,
        why: 'Neither this folder nor one above it, up to the root of the repository, holds one.',
        fix: 'lockstep init',
      }
    case 'config_invalid':
      return {
        what:
          failure.path === ''
            ? 'The configuration is wrong.'
            : `The configuration is wrong at ${failure.path}.`,
        where: `${failure.file}:${failure.line}:${failure.column}`,
        why: failure.problem,
        fix: failure.nearest
          ? `Write ${failure.nearest} instead.`
          : 'Correct it there, then: lockstep doctor',
      }
    case 'usage':
      return { what: failure.problem, where: '', why: '', fix: failure.fix }
    case 'server_unreachable':
    case 'authentication_failed':
    case 'database_missing':
    case 'pooler_refused':
    case 'primary_missing':
    case 'tenants_empty':
    case 'database_closed':
    case 'tenant_unknown':
    case 'vote_unfinishable':
    case 'vote_of_another_role':
    case 'database_error':
    case 'connection_lost':
    case 'replica_behind':
      return describeDatabaseFailure(failure)
    case 'tenants_unreadable':
      return describeUnreadable(failure, describeFailure)
    case 'compose_missing':
    case 'compose_invalid':
    case 'docker_unavailable':
    case 'docker_failed':
    case 'service_unknown':
    case 'container_not_running':
    case 'no_way_to_server':
      return describeDockerFailure(failure)
    case 'interpreter_missing':
    case 'alembic_missing':
    case 'alembic_config_missing':
    case 'source_failed':
    case 'revision_unknown':
    case 'several_heads':
    case 'migration_edited':
    case 'migration_failed':
    case 'not_transactional':
    case 'wrong_database':
    case 'own_session_blocks':
    case 'committed_behind_our_back':
    case 'inspection_failed':
    case 'worker_died':
    case 'schema_differs':
    case 'rollback_unproven':
      return describeMigrationFailure(failure)
    case 'read_only':
    case 'project_missing':
    case 'confirmation_missing':
    case 'not_possible':
    case 'plan_unknown':
    case 'request_invalid':
    case 'file_unreadable':
    case 'engine_gone':
    case 'not_connected':
    case 'part_missing':
      return describeSessionFailure(failure)
    case 'shadow_failed':
      return {
        what: 'No copy to rehearse on could be made.',
        where: '',
        why:
          failure.tried.length === 0
            ? 'No way to make one is known here.'
            : failure.tried.map(({ how, outcome }) => `${how}: ${outcome}`).join('; '),
        fix: 'Let the migration role create databases, give the machine or the container of the server a pg_dump of its version, or set rehearsal.when to never.',
      }
    case 'partly_migrated':
    case 'votes_undecided':
    case 'record_damaged':
    case 'group_unended':
    case 'steps_left':
      return describeRecoveryFailure(failure)
    case 'reaches_beyond':
      return {
        what: `Not rehearsed, because ${failure.reach}.`,
        where: `tenant ${failure.tenant}`,
        why: failure.why,
        fix: 'Do once by hand, for each server, what belongs to the server; the rest can then be rehearsed.',
      }
    case 'snapshot_failed':
    case 'rollback_refused':
    case 'loss_not_accepted':
    case 'tenant_in_use':
      return describeRollbackFailure(failure)
    case 'run_locked':
    case 'run_unfinished':
    case 'run_unknown':
    case 'log_damaged':
    case 'log_unreadable':
    case 'log_unwritable':
      return describeRunFailure(failure)
    case 'gates_stopped':
      return {
        what: `Stopped by ${countOf(failure.gates.length, 'gate')}: ${listNames(failure.gates, 10)}.`,
        where: '',
        why: 'A gate failed or could not be judged.',
        fix: 'Do what the gate says, then run again.',
      }
    case 'smoke_failed':
      return {
        what: `${countOf(failure.tests.length, 'smoke test')} did not pass: ${listNames(failure.tests, 10)}.`,
        where: '',
        why: 'The group had committed already; no group after it commits.',
        fix: 'Look at the evidence of the test: lockstep report. To take back what committed: lockstep rollback last --propose',
      }
    case 'hook_stopped':
      return {
        what: `Stopped by hook ${failure.hook} ${failure.moment} ${failure.phase.replaceAll('_', ' ')}.`,
        where: '',
        why: 'The hook failed or could not be judged.',
        fix: 'Look at what it said, in the run log or with: lockstep report',
      }
    case 'approval_missing':
      return {
        what: 'The plan is not approved.',
        where: `plan ${failure.planId.slice(0, 12)}`,
        why: 'It was not approved. Nothing was changed.',
        fix: `lockstep run --plan-id ${failure.planId.slice(0, 12)}`,
      }
    case 'plan_void':
      return {
        what: `The approval does not fit the ${failure.undoes === undefined ? 'plan' : 'rollback'} any more.`,
        where:
          failure.approved === failure.actual
            ? `approved ${failure.approved.slice(0, 12)}`
            : `approved ${failure.approved.slice(0, 12)}, now ${failure.actual.slice(0, 12)}`,
        why:
          failure.moved.length === 0
            ? 'The plan has changed since.'
            : `Moved since: ${listNames(failure.moved)}.`,
        fix: failure.undoes === undefined ? 'lockstep plan' : `lockstep rollback ${failure.undoes} --propose`,
      }
    case 'report_unwritable':
      return {
        what: `The ${failure.report} report could not be written.`,
        where: failure.file,
        why: `The system answered ${failure.code}. What the run did is not changed by this.`,
        fix: `Make room there or choose another place, then: lockstep report last --report=${failure.report}:FILE`,
      }
    case 'sandbox_failed':
      return { what: 'The sandbox cluster did not start.', where: '', why: failure.problem, fix: failure.fix }
    case 'deadline_passed':
      return {
        what: `Waited ${failure.seconds} s for ${failure.waitingFor}, in vain.`,
        where: '',
        why: 'The deadline passed.',
        fix: '',
      }
    case 'cancelled':
      return { what: 'Cancelled.', where: '', why: failure.reason, fix: '' }
    case 'internal':
      return {
        what: 'Lockstep itself failed.',
        where: '',
        why: failure.message,
        fix: 'Please report it, with the output of: lockstep doctor',
      }
    default:
      return assertNever(failure)
  }
}
