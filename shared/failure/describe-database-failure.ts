import type { ClosingRun } from '../server/closed-reason.ts'
import { quoteName } from '../sql/quote-name.ts'
import { assertNever } from '../text/assert-never.ts'
import { listNames } from '../text/plain-words.ts'
import { mendConnectionLimit } from './connection-limit.ts'
import type { Failure } from './failure.ts'
import type { FailureWords } from './failure-words.ts'

type DatabaseFailure = Extract<
  Failure,
  {
    kind:
      | 'server_unreachable'
      | 'authentication_failed'
      | 'database_missing'
      | 'pooler_refused'
      | 'primary_missing'
      | 'tenants_empty'
      | 'tenant_unknown'
      | 'vote_unfinishable'
      | 'vote_of_another_role'
      | 'database_closed'
      | 'database_error'
      | 'connection_lost'
      | 'replica_behind'
  }
>

/** Puts into words what servers and their databases answered. */
export function describeDatabaseFailure(failure: DatabaseFailure): FailureWords {
  switch (failure.kind) {
    case 'server_unreachable':
      return {
        what: `Server ${failure.server} cannot be reached.`,
        where: failure.endpoint,
        why: whyUnreachable(failure.code),
        fix: 'lockstep topology',
      }
    case 'authentication_failed':
      return {
        what: `Server ${failure.server} refuses the login of ${failure.user}.`,
        where: `server ${failure.server}`,
        why: 'The password is wrong or missing, or pg_hba.conf does not let this user in.',
        fix: 'Check user and password of the server in lockstep.yml, then: lockstep doctor',
      }
    case 'database_missing':
      return {
        what: `There is no database ${failure.database}.`,
        where: `server ${failure.server}`,
        why: 'The server knows no database of that name.',
        fix: 'lockstep topology',
      }
    case 'pooler_refused':
      return {
        what: `Server ${failure.server} is a connection pooler.`,
        where: `server ${failure.server}`,
        why: 'A pooler moves statements between sessions, so locks and votes would be lost.',
        fix: 'Give the address of PostgreSQL itself in lockstep.yml.',
      }
    case 'primary_missing':
      return {
        what: `Cluster ${failure.cluster} has no primary.`,
        where: `cluster ${failure.cluster}`,
        why: 'No declared server of it is out of recovery.',
        fix: 'lockstep topology',
      }
    case 'tenants_empty':
      return {
        what: 'There are no tenants.',
        where: '',
        why: `Nothing was found by ${failure.looked}.`,
        fix: 'Correct `tenants` in lockstep.yml, then: lockstep topology',
      }
    case 'database_closed':
      return { ...describeClosed(failure), where: `server ${failure.server}` }
    case 'tenant_unknown':
      return {
        what: `There is no tenant ${failure.tenant}.`,
        where: '',
        why: failure.known.length === 0 ? 'No tenant is known.' : `Known: ${listNames(failure.known, 10)}.`,
        fix: 'lockstep topology',
      }
    case 'vote_unfinishable':
      return {
        what: `What ${failure.tenant} prepares would belong to ${failure.owner}, and ${failure.user} could not finish it.`,
        where: `tenant ${failure.tenant}`,
        why: `The project logs in as ${failure.owner}, and lockstep.yml as ${failure.user}: a prepared transaction is finished by its owner, by a role that may set that role, or by a superuser.`,
        fix: `Let env.py log in as ${failure.user}, give the server user: ${failure.owner} in lockstep.yml, or: GRANT ${quoteName(failure.owner)} TO ${quoteName(failure.user)}`,
      }
    case 'vote_of_another_role':
      return {
        what: `The prepared transaction ${failure.gid} belongs to ${failure.owner}, and ${failure.user} may not finish it.`,
        where: `server ${failure.server}, database ${failure.database}`,
        why: 'Only its owner, a role that may set that role, or a superuser may finish it; its locks are held until then.',
        fix: `In ${failure.database}, as ${failure.owner} or a superuser: ${failure.how.toUpperCase()} PREPARED '${failure.gid.replaceAll("'", "''")}', and the same for each vote of the run in pg_prepared_xacts; or GRANT ${quoteName(failure.owner)} TO ${quoteName(failure.user)}, then: lockstep recover`,
      }
    case 'database_error':
      return {
        what: `The database refused: ${failure.message}`,
        where: [
          failure.server && `server ${failure.server}`,
          failure.database && `database ${failure.database}`,
        ]
          .filter(Boolean)
          .join(', '),
        why: [`SQLSTATE ${failure.sqlstate}.`, failure.detail ?? ''].join(' '),
        fix: mendRefusal(failure),
      }
    case 'connection_lost':
      return {
        what: `The connection to ${failure.server} was lost.`,
        where: `server ${failure.server}`,
        why: `It happened while ${failure.during}.`,
        fix: 'lockstep topology',
      }
    case 'replica_behind':
      return {
        what: `Standby ${failure.server} has not caught up.`,
        where: `server ${failure.server}`,
        why: failure.problem,
        fix: 'lockstep topology',
      }
    default:
      return assertNever(failure)
  }
}

function describeClosed({
  database,
  why,
  by,
}: Extract<DatabaseFailure, { kind: 'database_closed' }>): Omit<FailureWords, 'where'> {
  if (by) return { what: `Database ${database} is closed.`, ...describeClosing(by) }
  switch (why) {
    case 'invalid':
      return {
        what: `Database ${database} is invalid.`,
        why: 'A DROP DATABASE of it was interrupted, and it accepts no connections any more.',
        fix: `drop database ${quoteName(database)};`,
      }
    case 'closed':
      return {
        what: `Database ${database} is closed.`,
        why: 'It takes no connections (allow_connections is false).',
        fix: `alter database ${quoteName(database)} allow_connections true;`,
      }
    case 'template':
      return {
        what: `Database ${database} is a template.`,
        why: 'A template is copied, and is no tenant (is_template is true).',
        fix: `alter database ${quoteName(database)} is_template false;`,
      }
    case 'no_connect':
      return {
        what: `Database ${database} does not let our user in.`,
        why: 'The user of its server in lockstep.yml lacks the privilege CONNECT.',
        fix: `grant connect on database ${quoteName(database)} to that user.`,
      }
    default:
      return assertNever(why)
  }
}

function describeClosing({ runId, state }: ClosingRun): Pick<FailureWords, 'why' | 'fix'> {
  const closed = `Run ${runId} of Lockstep closed it, for its copy to take its place`
  switch (state) {
    case 'at_work':
      return { why: `${closed}, and is at work.`, fix: `lockstep log ${runId} --follow` }
    case 'cut_off':
      return { why: `${closed}, and did not come to its end.`, fix: `lockstep recover ${runId}` }
    case 'ended':
      return { why: `${closed}, and could not open it again.`, fix: `lockstep recover ${runId}` }
    default:
      return assertNever(state)
  }
}

function whyUnreachable(code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'Nothing listens there (ECONNREFUSED).'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host name is not known (${code}).`
    case 'ETIMEDOUT':
      return 'Nothing answers there (ETIMEDOUT).'
    default:
      return `The answer was ${code}.`
  }
}

/** What helps against a refusal whose SQLSTATE says it; empty where it does not. */
function mendRefusal({ sqlstate, message }: Extract<DatabaseFailure, { kind: 'database_error' }>): string {
  switch (sqlstate) {
    case '53300':
      return mendConnectionLimit(message)
    case '42501':
      return 'Give the role that Lockstep logs in as the right that the server names, as its owner or a superuser.'
    default:
      return ''
  }
}
