import { assertNever } from '../text/assert-never.ts'
import type { FailureWords } from './failure-words.ts'
import type { SessionFailure } from './session-failure.ts'

/** Puts what the dashboard's engine refuses into words. */
export function describeSessionFailure(failure: SessionFailure): FailureWords {
  switch (failure.kind) {
    case 'read_only':
      return {
        what: `This dashboard is read-only: it does not ${failure.action}.`,
        where: '',
        why: 'It was started with --read-only.',
        fix: 'Start it without --read-only.',
      }
    case 'project_missing':
      return {
        what: 'No project is open.',
        where: '',
        why: 'Nothing was chosen yet, or it could not be opened.',
        fix: 'Open a folder with lockstep.yml or a Compose file, or the sandbox.',
      }
    case 'confirmation_missing':
      return {
        what: `To ${failure.action} has to be confirmed.`,
        where: `environment ${failure.environment}`,
        why:
          failure.level === 3
            ? 'What cannot easily be undone asks for the name of the environment, and a reason.'
            : 'It changes what others work with.',
        fix:
          failure.level === 3
            ? `Type ${failure.environment} and say why; on the command line: --confirm=${failure.environment} --reason='...'`
            : 'Confirm it; on the command line: --yes',
      }
    case 'not_possible':
      return { what: `Not possible now: ${failure.action}.`, where: '', why: failure.reason, fix: '' }
    case 'plan_unknown':
      return {
        what: `There is no plan ${failure.planId.slice(0, 12)}.`,
        where: '',
        why: 'It was never made here, or was removed.',
        fix: 'lockstep plan',
      }
    case 'request_invalid':
      return {
        what: `The request ${failure.request} is not understood.`,
        where: '',
        why: failure.problem,
        fix: 'Reload the dashboard: it may be of another version.',
      }
    case 'file_unreadable':
      return {
        what: `${failure.file} cannot be opened.`,
        where: '',
        why: failure.problem,
        fix: "Open the events.jsonl of a run's folder, or the file that `lockstep log --json` made.",
      }
    case 'engine_gone':
      return {
        what: 'The engine ended.',
        where: `during ${failure.during}`,
        why: 'Its process is gone; what it had written to the run log is kept.',
        fix: 'A new engine has been started: see what it says about the run, and recover it.',
      }
    case 'not_connected':
      return {
        what: 'The engine does not answer.',
        where: `during ${failure.during}`,
        why: 'The connection is lost. A run goes on without it.',
        fix: 'It reconnects by itself; then look at the run before trying again.',
      }
    case 'part_missing':
      return {
        what: `${failure.part} did not come.`,
        where: '',
        why: `Its code was asked for several times: ${failure.problem}`,
        fix: 'Try again; where Lockstep was updated meanwhile, load the page again.',
      }
    default:
      return assertNever(failure)
  }
}
