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
      return describeUnfinished(failure)
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
    case 'log_unreadable':
      return {
        what: 'The run log cannot be read.',
        where: failure.file,
        why: `${capitalize(describeReading(failure))}.`,
        fix: isDenied(failure.code) ? 'Let this user read it.' : '',
      }
    case 'log_unwritable':
      return describeUnwritable(failure)
    default:
      return assertNever(failure)
  }
}

/** Why the system gives nothing of a log, as the end of a sentence. */
export function describeReading({ code }: Pick<Unreadable, 'code'>): string {
  if (isDenied(code)) return `this user may not read it (${code})`
  if (code === 'EISDIR') return `a folder is in its place (${code})`
  if (code === 'ENOTDIR') return `a file is in the place of its folder (${code})`
  return `the system says ${code}`
}

type Unreadable = Extract<RunFailure, { kind: 'log_unreadable' }>

function isDenied(code: string): boolean {
  return code === 'EACCES' || code === 'EPERM'
}

function describeUnfinished(failure: Extract<RunFailure, { kind: 'run_unfinished' }>): FailureWords {
  const { runId, prepared, log, closed = [] } = failure
  const votes = countOf(prepared.length, 'transaction')
  const held =
    prepared.length === 0
      ? ''
      : `${votes} of it ${prepared.length === 1 ? 'is' : 'are'} still prepared, with locks that others wait for.`
  const shut =
    closed.length === 0
      ? ''
      : `It has closed ${listNames(closed, 10)}: until it is recovered, connections are refused to ${closed.length === 1 ? 'it' : 'them'}.`
  const why = [held, describeLog(failure), shut].filter(Boolean).join(' ')
  if (log === 'elsewhere')
    return {
      what: `Run ${runId} has left ${countOf(prepared.length, 'vote')}, and its log is not here.`,
      where: '',
      why,
      fix: `lockstep recover ${runId}, on the machine that ran it or with LOCKSTEP_STATE_DIR naming the folder of its log; here it says what to do where the log is lost.`,
    }
  if (failure.project !== undefined)
    return {
      what: `Run ${runId} of project ${failure.project} has left ${countOf(prepared.length, 'vote')} in databases of this project.`,
      where: '',
      why,
      fix: `lockstep recover ${runId}, with the project file of ${failure.project}.`,
    }
  const isUnknown = log !== undefined && prepared.length === 0
  const end = isUnknown ? 'may not have come to its end' : 'did not come to its end'
  return { what: `Run ${runId} ${end}.`, where: '', why, fix: `lockstep recover ${runId}` }
}

function describeLog({ prepared, damage, log }: Extract<RunFailure, { kind: 'run_unfinished' }>): string {
  const nothing = prepared.length === 0 ? ' Nothing is prepared in the database.' : ''
  if (damage !== undefined && log !== undefined) return `${capitalize(damage)}.${nothing}`
  if (damage === undefined)
    return prepared.length === 0 ? 'Its log has no end, and nothing is prepared in the database.' : ''
  return `Its log ${prepared.length === 0 ? 'has no end and ' : ''}is damaged: ${damage}.${nothing}`
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
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
