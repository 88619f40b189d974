import { assertNever } from '../text/assert-never.ts'
import { countOf, listNames } from '../text/plain-words.ts'
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
    case 'steps_left':
      return {
        what: `${listNames(failure.tenants, 10)}: the first steps are committed, and the later ones have not come to their end.`,
        where: '',
        why: 'They run outside a transaction, each committed by itself: no vote is open, and recovery runs no migration.',
        fix: 'lockstep run goes on from there. An index that broke off is removed and made anew.',
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

function describeDamaged({
  runId,
  damage,
  known,
  votes,
}: Extract<RecoveryFailure, { kind: 'record_damaged' }>): FailureWords {
  const where = listNames(
    votes.map(vote => `${vote.database}: ${vote.gid}`),
    10,
  )
  if (votes.length === 0)
    return {
      what: `The log of run ${runId} is damaged before its plan: what it did is not known.`,
      where,
      why: `${damage}. ${known}`,
      fix: 'lockstep status shows where every tenant stands; lockstep run goes on from there.',
    }
  const [first] = votes
  return {
    what: `The log of run ${runId} is damaged, and ${countOf(votes.length, 'vote')} of it ${votes.length === 1 ? 'is' : 'are'} prepared.`,
    where,
    why: `${damage}. ${known}`,
    fix: `Decide for each group as a whole, in each database, such as ${first?.database}: commit prepared '${first?.gid}' or rollback prepared '${first?.gid}'; then: lockstep recover ${runId}`,
  }
}

type Undecided = Extract<RecoveryFailure, { kind: 'votes_undecided' }>

function describeUndecided(failure: Undecided): FailureWords {
  const { votes, committed, undone, unknown, group, decision, runId } = failure
  const others = [
    committed > 0 ? `${countOf(committed, 'tenant')} of it committed` : '',
    undone > 0 ? `${countOf(undone, 'tenant')} did not` : '',
    unknown > 0 ? `of ${countOf(unknown, 'tenant')} nobody can say` : '',
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
