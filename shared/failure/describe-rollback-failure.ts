import { assertNever } from '../text/assert-never.ts'
import { listNames } from '../text/plain-words.ts'
import type { FailureWords } from './failure-words.ts'
import type { RollbackFailure } from './rollback-failure.ts'

/** Puts into words what keeps a run from being undone. */
export function describeRollbackFailure(failure: RollbackFailure): FailureWords {
  switch (failure.kind) {
    case 'snapshot_failed':
      return {
        what: 'The copy for a rollback could not be made.',
        where: `tenant ${failure.tenant}`,
        why: failure.tried.join('; ') || 'No way to make one is known here.',
        fix: 'Remove the cause, choose another way with snapshots.how, or set snapshots.data to never in lockstep.yml.',
      }
    case 'rollback_refused':
      return {
        what: 'The run is not rolled back.',
        where: `run ${failure.runId}`,
        why: failure.reasons.join('; '),
        fix: `lockstep report ${failure.runId}`,
      }
    case 'loss_not_accepted':
      return {
        what: 'Rolling back would lose data.',
        where: `run ${failure.runId}`,
        why: failure.losses.join('; '),
        fix: `To lose it all the same: lockstep rollback ${failure.runId} --accept-loss --reason='...'`,
      }
    case 'tenant_in_use':
      return {
        what: `Others are connected to ${listNames(failure.tenants, 10)}.`,
        where: '',
        why: `A copy can replace a database only while no session is connected to it: ${listNames(failure.sessions, 10)}.`,
        fix: 'End these sessions, or let Lockstep end them: --disconnect, or the box beside Roll back in the dashboard.',
      }
    default:
      return assertNever(failure)
  }
}
