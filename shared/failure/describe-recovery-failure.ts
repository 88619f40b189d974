import { assertNever } from '../text/assert-never.ts'
import { countOf, formatHeads, listNames } from '../text/plain-words.ts'
import type { FailureWords } from './failure-words.ts'
import type { RecoveryFailure } from './recovery-failure.ts'

/** Puts into words what a recovery leaves to a person, with the commands that settle it. */
export function describeRecoveryFailure(failure: RecoveryFailure): FailureWords {
  switch (failure.kind) {
    case 'partly_migrated': {
      const all = failure.migrated.length + failure.left.length
      return {
        what: `${failure.migrated.length} of ${countOf(all, 'tenant')} ${failure.migrated.length === 1 ? 'is' : 'are'} migrated: ${listNames(failure.migrated, 10)}. As before: ${listNames(failure.left, 10)}.`,
        where: '',
        why: 'Each group is whole. The run ended between its groups.',
        fix: `lockstep run goes on with the others; lockstep rollback ${failure.runId} takes back those that are migrated.`,
      }
    }
    case 'votes_undecided':
      return describeUndecided(failure)
    case 'record_damaged':
      return describeDamaged(failure)
    case 'steps_left': {
      const found = failure.heads === undefined ? '' : `found at ${formatHeads(failure.heads)}: `
      return {
        what: `${listNames(failure.tenants, 10)}: ${found}the first steps are committed, and the later ones have not come to their end.`,
        where: '',
        why: 'They run outside a transaction, each committed by itself: no vote is open, and recovery runs no migration.',
        fix: 'lockstep run goes on from there. An index that broke off is dropped and built again.',
      }
    }
    case 'group_unended':
      return {
        what: `Group ${failure.group} has not come to its end: ${listNames(failure.tenants, 10)}.`,
        where: `group ${failure.group}`,
        why: 'Recovery runs no migration, and the groups after this one wait for it: they were rolled back.',
        fix: 'lockstep run goes on from there.',
      }
    default:
      return assertNever(failure)
  }
}

function describeDamaged(failure: Damaged): FailureWords {
  const { runId, damage, known, votes, log } = failure
  const where = listNames(
    votes.map(vote => `${vote.database}: ${vote.gid}`),
    10,
  )
  const why = [`${damage.charAt(0).toUpperCase()}${damage.slice(1)}.`, known].filter(Boolean).join(' ')
  const left = `${countOf(votes.length, 'vote')} of it ${votes.length === 1 ? 'is' : 'are'} prepared`
  const what =
    votes.length > 0
      ? `The log of run ${runId} ${nameState(log)}, and ${left}.`
      : `The log of run ${runId} ${log === undefined ? 'is damaged before its plan' : nameState(log)}: what it did is not known.`
  return { what, where, why, fix: votes.length > 0 ? mendVotes(failure) : mendRecord(failure) }
}

type Damaged = Extract<RecoveryFailure, { kind: 'record_damaged' }>

function nameState(log: Damaged['log']): string {
  switch (log) {
    case undefined:
      return 'is damaged'
    case 'emptied':
      return 'is empty'
    case 'unreadable':
      return 'cannot be read'
    case 'elsewhere':
      return 'is not here'
    default:
      return assertNever(log)
  }
}

/** The log itself is better than any guess: only where it cannot be had, a person decides. */
function mendVotes({ runId, log, votes: [first] }: Damaged): string {
  const byHand = `for each group as a whole, commit if a member has committed (lockstep status shows each revision), else roll back, in each database, such as ${first?.database}: commit prepared '${first?.gid}' or rollback prepared '${first?.gid}'`
  const page = 'docs/recovery.md says how to decide'
  switch (log) {
    case 'elsewhere':
      return `lockstep recover ${runId}, on the machine that ran it or with LOCKSTEP_STATE_DIR naming the folder of its log. Where it is lost (${page}): ${byHand}; then: lockstep status`
    case 'unreadable':
      return `Make it readable, then: lockstep recover ${runId}. Where it can no longer be read (${page}): ${byHand}; then move the folder of the run away.`
    case 'emptied':
    case undefined:
      return `Decide (${page}): ${byHand}; then: lockstep recover ${runId}`
    default:
      return assertNever(log)
  }
}

function mendRecord({ runId, log }: Damaged): string {
  const next = 'lockstep status shows the revision of every tenant; lockstep run goes on from there.'
  if (log !== 'unreadable') return next
  return `Make it readable, then: lockstep recover ${runId}. Where it can no longer be read, move the folder of the run away: ${next}`
}

type Undecided = Extract<RecoveryFailure, { kind: 'votes_undecided' }>

function describeUndecided(failure: Undecided): FailureWords {
  const { votes, committed, undone, unknown, group, decision, runId } = failure
  const others = [
    committed > 0 ? `${countOf(committed, 'tenant')} of it committed` : '',
    undone > 0 ? `${countOf(undone, 'tenant')} did not` : '',
    unknown > 0 ? `of ${countOf(unknown, 'tenant')} it is not known` : '',
  ].filter(Boolean)
  const onRecord = decision === null ? 'No decision is' : `The decision to ${wordOf(decision)} is`
  const names = votes.map(vote => vote.tenant)
  return {
    what: `${countOf(votes.length, 'vote')} of group ${group} ${votes.length === 1 ? 'is' : 'are'} left prepared: ${listNames(names, 10)}.`,
    where: listNames(
      votes.map(vote => `${vote.database}: ${vote.gid}`),
      10,
    ),
    why: `${onRecord} on record; ${others.join(', ')}. Either answer could tear the group apart.`,
    fix: `lockstep recover ${runId}, once every server answers${describeHandwork(votes)}.`,
  }
}

/** What a person types in the database of the first one; the others have the same two ways. */
function describeHandwork([first, ...others]: Undecided['votes']): string {
  if (first === undefined) return ''
  const more = others.length === 0 ? '' : ', and the same for each of the others'
  return `; or by hand, in ${first.database}: commit prepared '${first.gid}' or rollback prepared '${first.gid}'${more}`
}

function wordOf(decision: 'commit' | 'rollback'): string {
  return decision === 'commit' ? 'commit' : 'roll back'
}
