import { assertNever } from '../text/assert-never.ts'
import { listNames, shortenText } from '../text/plain-words.ts'
import type { ConnectionOpener, Failure, MigrationFailure, SourceFailure } from './failure.ts'
import type { FailureWords } from './failure-words.ts'
import { findDuplicatesQuery } from './find-duplicates-query.ts'

type MigrationSideFailure = Extract<
  Failure,
  {
    kind:
      | 'interpreter_missing'
      | 'alembic_missing'
      | 'alembic_config_missing'
      | 'source_failed'
      | 'revision_unknown'
      | 'several_heads'
      | 'migration_edited'
      | 'migration_failed'
      | 'not_transactional'
      | 'wrong_database'
      | 'own_session_blocks'
      | 'committed_behind_our_back'
      | 'inspection_failed'
      | 'worker_died'
      | 'schema_differs'
      | 'rollback_unproven'
  }
>

/** Puts into words what went wrong with the migrations and with running them. */
export function describeMigrationFailure(failure: MigrationSideFailure): FailureWords {
  switch (failure.kind) {
    case 'interpreter_missing':
      return {
        what: 'No Python interpreter was found.',
        where: listNames(
          failure.tried.map(attempt => `${attempt.where} (${attempt.outcome})`),
          10,
        ),
        why: 'Alembic projects are run by their own interpreter.',
        fix: 'Name it as migrations.alembic.python in lockstep.yml, then: lockstep doctor',
      }
    case 'alembic_missing':
      return {
        what: `The interpreter lacks ${failure.missing}.`,
        where: failure.interpreter,
        why: 'This is the interpreter that was taken for the project.',
        fix: `${failure.interpreter} -m pip install ${failure.missing}`,
      }
    case 'alembic_config_missing':
      return {
        what: 'There is no Alembic configuration.',
        where: failure.file,
        why: 'The file does not exist.',
        fix: 'Name it as migrations.alembic.config in lockstep.yml.',
      }
    case 'source_failed':
      return describeSourceFailure(failure)
    case 'revision_unknown':
      return {
        what: `Tenant ${failure.tenant} is at ${failure.revision}, which the project does not know.`,
        where: `tenant ${failure.tenant}`,
        why: 'The database is ahead of this checkout, or its revision file was removed.',
        fix: 'Check out the code that has this revision.',
      }
    case 'several_heads':
      return {
        what: `The project has ${failure.heads.length} heads: ${listNames(failure.heads)}.`,
        where: '',
        why: 'It is not clear which of them is the target.',
        fix: failure.mergeCommand,
      }
    case 'migration_edited':
      return {
        what: `Migration ${failure.revision} was changed after it was applied.`,
        where: failure.file,
        why: `Tenant ${failure.tenant} has ${failure.recorded.slice(0, 12)} on record, the file is ${failure.found.slice(0, 12)}.`,
        fix: `Restore the file, and put the change into a new migration: git log -- ${failure.file}`,
      }
    case 'migration_failed':
      return describeRefusal(failure)
    case 'not_transactional':
      return {
        what: `Revision ${failure.revision} cannot run in a transaction.`,
        where: `tenant ${failure.tenant}: ${shortenText(failure.statement, 120)}`,
        why: failure.reason,
        fix: 'Put the statement into a revision of its own, or give the group mode: independent.',
      }
    case 'wrong_database':
      return {
        what: `The migration of ${failure.tenant} reached another database.`,
        where: `tenant ${failure.tenant}`,
        why: `It should run in ${failure.expected}, and env.py connected to ${failure.actual}${describeOpener(failure.opener)}. It was rolled back.`,
        fix: failure.opener
          ? `Let ${failure.opener.name} take host, port and database from the URL that env.py is given (migrations.alembic.url in lockstep.yml).`
          : 'Let env.py take the address it is given (migrations.alembic.url in lockstep.yml).',
      }
    case 'own_session_blocks':
      return {
        what: `Revision ${failure.revision} waits on ${failure.tenant} for a session that the project itself holds open.`,
        where: [`tenant ${failure.tenant}`, placeOf(failure.file, failure.line)].filter(Boolean).join(', '),
        why: `That session has a transaction open with a lock on ${failure.table}. Statement: ${shortenText(failure.statement, 200)}`,
        fix: 'Commit, roll back or close that session before the migrations run.',
      }
    case 'committed_behind_our_back':
      return {
        what: `A migration of ${failure.tenant} committed by itself.`,
        where: `tenant ${failure.tenant}`,
        why: failure.detail,
        fix: 'Take COMMIT and autocommit out of the revision, or give the group mode: independent.',
      }
    case 'inspection_failed':
      return {
        what: `The result of ${failure.tenant} is not what it should be.`,
        where: `tenant ${failure.tenant}`,
        why: [failure.problem, listNames(failure.evidence)].filter(Boolean).join(': '),
        fix: '',
      }
    case 'worker_died':
      return {
        what: `The process that migrated ${failure.tenant} ended.`,
        where: `tenant ${failure.tenant}`,
        why: failure.detail,
        fix: 'lockstep doctor',
      }
    case 'schema_differs':
      return {
        what: `The schema of ${failure.tenant} on ${failure.server} is not the expected one.`,
        where: `tenant ${failure.tenant}, server ${failure.server}`,
        why:
          failure.objects.length === 0
            ? 'The fingerprints differ.'
            : `Differs: ${listNames(failure.objects)}.`,
        fix: '',
      }
    case 'rollback_unproven':
      return {
        what: `It is not proven that ${listNames(failure.tenants)} ${failure.tenants.length === 1 ? 'is' : 'are'} as before.`,
        where: `tenants ${listNames(failure.tenants, 20)}`,
        why: failure.reason,
        fix: 'Look at these tenants before you do anything else; then: lockstep recover',
      }
    default:
      return assertNever(failure)
  }
}

function describeSourceFailure(failure: SourceFailure): FailureWords {
  return {
    what: `Failed while ${failure.during}.`,
    where: placeOf(failure.file, failure.line),
    why: failure.error,
    fix: failure.missingModule
      ? `Install ${failure.missingModule} for the project's interpreter: python -m pip install ${failure.missingModule}`
      : (failure.remedy ?? ''),
  }
}

function describeOpener(opener: ConnectionOpener | undefined): string {
  if (!opener) return ''
  const place = placeOf(opener.file, opener.line)
  const role = opener.how === 'creator' ? 'the creator of its engine' : 'a do_connect listener'
  return ` through ${opener.name}, ${role}${place === '' ? '' : ` (${place})`}`
}

function describeRefusal(failure: MigrationFailure): FailureWords {
  const place = placeOf(failure.file, failure.line)
  return {
    what: `Revision ${failure.revision} failed on ${failure.tenant}: ${failure.message}`,
    where: [`tenant ${failure.tenant}`, place].filter(Boolean).join(', '),
    why: [
      failure.detail ?? '',
      failure.constraint ? `Constraint ${failure.constraint}.` : '',
      failure.sqlstate ? `SQLSTATE ${failure.sqlstate}.` : '',
      failure.statement ? `Statement: ${shortenText(failure.statement, 200)}` : '',
    ]
      .filter(Boolean)
      .join(' '),
    fix: fixForRefusal(failure),
  }
}

function placeOf(file: string | undefined, line: number | undefined): string {
  if (file === undefined) return ''
  return line === undefined ? file : `${file}:${line}`
}

function fixForRefusal(failure: MigrationFailure): string {
  const query = findDuplicatesQuery(failure)
  const fix = isHiddenRows(failure) ? hiddenRowsFix : fixForState(failure.sqlstate)
  return query === null ? fix : `${fix} In ${failure.tenant}: ${query}`
}

/** The server's words where `row_security = off` refuses what a policy would narrow; a row that breaks a policy has others. */
function isHiddenRows({ sqlstate, message }: MigrationFailure): boolean {
  return sqlstate === '42501' && /would be affected by row-level security/i.test(message)
}

const hiddenRowsFix =
  'The role that migrates sees only the rows that a policy lets through, so the others would be passed over in silence. ' +
  'Migrate with a role that has BYPASSRLS, or begin the revision with alter table ... no force row level security and force it again at its end. ' +
  'Where the policy is meant to choose the rows: -- lockstep: allow rows_hidden_by_policy: and the reason.'

/** SQLSTATEs that say what to do. */
function fixForState(sqlstate: string | undefined): string {
  switch (sqlstate) {
    case '23505':
    case '23503':
    case '23502':
    case '23514':
      return 'Repair the rows in this tenant, or let the migration do it, then run again.'
    case '55P03':
      return 'Another session holds the lock: lockstep plan shows the tables; end that session or run at a quieter time.'
    case '42501':
      return 'Give the migration role the right, or the ownership, that the statement needs.'
    default:
      return ''
  }
}
