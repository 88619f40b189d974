import { assertNever } from '../text/assert-never.ts'
import { countOf, listNames } from '../text/plain-words.ts'
import type { FailureWords } from './failure-words.ts'
import type { RunFailure } from './run-failure.ts'

/** Puts into words that another run is in the way, or what is wrong with a log. */
export function describeRunFailure(failure: RunFailure): FailureWords {
  switch (failure.kind) {
    case 'run_locked':
      return {
        what: 'Another run is at work.',
        where: `cluster ${failure.cluster}`,
        why: `${failure.holder} holds the lock of the cluster.`,
        fix: 'lockstep status',
      }
    case 'run_unfinished':
      return {
        what: `Run ${failure.runId} did not come to its end.`,
        where: '',
        why: describeUnfinished(failure),
        fix: `lockstep recover ${failure.runId}`,
      }
    case 'run_unknown':
      return {
        what: `There is no run ${failure.runId}.`,
        where: '',
        why:
          failure.known.length === 0 ? 'No run is stored here.' : `Stored here: ${listNames(failure.known)}.`,
        fix: 'lockstep runs',
      }
    case 'log_damaged':
      return {
        what: 'The run log cannot be read to its end.',
        where: `${failure.file}:${failure.line}`,
        why: failure.problem,
        fix: 'lockstep log RUN --verify',
      }
    case 'log_unwritable':
      return describeUnwritable(failure)
    default:
      return assertNever(failure)
  }
}

function describeUnfinished({
  prepared,
  damage,
  closed = [],
}: Extract<RunFailure, { kind: 'run_unfinished' }>): string {
  const shut =
    closed.length === 0
      ? ''
      : ` It has closed ${listNames(closed, 10)}: until it is recovered, nobody can connect to ${closed.length === 1 ? 'it' : 'them'}.`
  if (prepared.length > 0)
    return `${countOf(prepared.length, 'transaction')} of it still prepared, with locks that others wait for.${shut}`
  return damage === undefined
    ? `Its log has no end, and nothing is prepared in the database.${shut}`
    : `Its log has no end and is damaged: ${damage}. Nothing is prepared in the database.${shut}`
}

function describeUnwritable(failure: Extract<RunFailure, { kind: 'log_unwritable' }>): FailureWords {
  const what = 'The run log cannot be written.'
  switch (failure.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        what,
        where: failure.file,
        why: 'The disk is full.',
        fix: 'Free some space, then: lockstep recover',
      }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return {
        what,
        where: failure.file,
        why: 'This user may not write there.',
        fix: 'Give this user the folder.',
      }
    case 'EBUSY':
      return {
        what,
        where: failure.file,
        why: 'Another process that is alive writes it.',
        fix: 'lockstep status',
      }
    default:
      return { what, where: failure.file, why: `The system says ${failure.code}.`, fix: '' }
  }
}
