import { describeFailure } from '../../shared/failure/describe-failure.ts'
import type { RunFact, Volatile } from '../../shared/run/run-event.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import {
  formatBytes,
  formatDuration,
  formatHeads,
  listNames,
  shortenText,
} from '../../shared/text/plain-words.ts'
import { readVolatileNumber, readVolatileText } from '../../shared/text/volatile.ts'

type TenantFact = Extract<
  RunFact,
  {
    type:
      | 'snapshot.taken'
      | 'snapshot.copying'
      | 'writes.noted'
      | 'tenant.restoring'
      | 'tenant.started'
      | 'statement.executed'
      | 'revision.applied'
      | 'tenant.voting'
      | 'tenant.voted'
      | 'tenant.committed'
      | 'tenant.rolled_back'
      | 'tenant.unsettled'
      | 'tenant.retried'
      | 'fingerprints.compared'
      | 'rollback.proven'
      | 'recovery.settled'
  }
>

/** Says in one line what happened to one tenant. */
export function describeTenantEvent(fact: TenantFact): string {
  const tenant = `tenant ${fact.tenant}`
  switch (fact.type) {
    case 'snapshot.taken':
      return `${tenant} is at ${formatHeads(fact.heads)}, fingerprint ${fact.fingerprint.slice(0, 12)}${fact.copy ? describeCopy(fact.copy, fact.volatile) : ''}`
    case 'snapshot.copying':
      return `${tenant} is being copied (${fact.kind}): ${formatBytes(readVolatileNumber(fact.volatile, 'doneBytes'))} of about ${formatBytes(readVolatileNumber(fact.volatile, 'totalBytes'))}`
    case 'writes.noted':
      return fact.known
        ? `${tenant}: rows that others write are counted from here on`
        : `${tenant}: rows that others write cannot be counted: ${fact.why}`
    case 'tenant.restoring':
      return `${tenant} ${describeRestoring(fact)}`
    case 'tenant.started':
      return `${tenant} started: ${formatHeads(fact.from)} -> ${formatHeads(fact.to)}`
    case 'statement.executed':
      return `${tenant} ${fact.revision} #${fact.index}: ${shortenText(fact.sql, 120)}${lasting(fact)}`
    case 'revision.applied':
      return `${tenant} applied ${fact.revision}${lasting(fact)}`
    case 'tenant.voting':
      return `${tenant} is voting`
    case 'tenant.voted':
      return fact.vote === 'yes'
        ? `${tenant} voted yes${lasting(fact)}`
        : `${tenant} voted no${fact.failure ? `: ${describeFailure(fact.failure).what}` : ''}`
    case 'tenant.committed':
      return `${tenant} committed`
    case 'tenant.rolled_back':
      return `${tenant} rolled back${fact.how === 'prepared' ? ' its prepared transaction' : ''}`
    case 'tenant.unsettled':
      return `${tenant} is unsettled: ${describeFailure(fact.failure).what}`
    case 'tenant.retried':
      return `${tenant} lost a lock race and tries again${describeAttempt(fact)}`
    case 'fingerprints.compared':
      return fact.equal
        ? `${tenant} has the expected schema on ${fact.server}`
        : `${tenant} has another schema on ${fact.server}: ${listNames(fact.objects)}`
    case 'rollback.proven':
      return fact.equal
        ? `${tenant} is proven to be as it was`
        : `${tenant} is not proven to be as it was: ${fact.before.slice(0, 12)} before, ${fact.found.slice(0, 12)} now${fact.why === undefined ? '' : ` (${fact.why})`}`
    case 'recovery.settled':
      return `${tenant} ${describeSettlement(fact.how)}`
    default:
      return assertNever(fact)
  }
}

function describeCopy(
  { kind, verified }: NonNullable<Extract<TenantFact, { type: 'snapshot.taken' }>['copy']>,
  volatile: Volatile,
): string {
  const bytes = formatBytes(readVolatileNumber(volatile, 'bytes'))
  return `, copied by ${kind} (${bytes}${verified ? ', restored once to see that it can be' : ''})`
}

function describeRestoring(fact: Extract<TenantFact, { type: 'tenant.restoring' }>): string {
  const name = (key: 'prepared' | 'kept'): string => readVolatileText(fact.volatile, key) ?? 'a copy'
  switch (fact.step) {
    case 'prepared':
      return `gets a restored copy beside it: ${name('prepared')}`
    case 'closed':
      return 'takes no new sessions'
    case 'swapped':
      return `is the restored copy now; what it was is kept as ${name('kept')}`
    case 'reopened':
      return 'takes sessions again'
    case 'discarded':
      return `keeps its database; the copy beside it is removed: ${name('prepared')}`
    default:
      return assertNever(fact.step)
  }
}

function describeSettlement(how: Extract<TenantFact, { type: 'recovery.settled' }>['how']): string {
  switch (how) {
    case 'rolled_forward':
      return 'rolled forward: the decision to commit was on record'
    case 'rolled_back':
      return 'rolled back: no decision to commit was on record'
    case 'already_committed':
      return 'had committed already'
    case 'already_rolled_back':
      return 'had been rolled back already'
    default:
      return assertNever(how)
  }
}

function describeAttempt(fact: Extract<TenantFact, { type: 'tenant.retried' }>): string {
  const attempt = readVolatileNumber(fact.volatile, 'attempt')
  const sqlstate = readVolatileText(fact.volatile, 'sqlstate')
  const words = [attempt === null ? '' : `attempt ${attempt}`, sqlstate ?? ''].filter(Boolean)
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

function lasting(fact: Extract<TenantFact, { volatile: unknown }>): string {
  const duration = readVolatileNumber(fact.volatile, 'durationMs')
  return duration === null ? '' : ` (${formatDuration(duration)})`
}
