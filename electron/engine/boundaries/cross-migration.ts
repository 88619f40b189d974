import type { FaultPoint } from '../ports/boundaries.ts'
import type {
  MigrateObserver,
  MigrateRequest,
  MigrateResult,
  MigrationSource,
} from '../ports/migration-source.ts'

/** Tells a fault point how far a tenant's migration has come: its observer hears of each step before the next is taken. */
export function crossMigration(source: MigrationSource, pass: FaultPoint): MigrationSource['migrate'] {
  return (request, observer, signal) =>
    request.trace
      ? crossRehearsal(source, pass, { request, observer, signal })
      : crossReal(source, pass, { request, observer, signal })
}

interface Migration {
  readonly request: MigrateRequest
  readonly observer: MigrateObserver
  readonly signal: AbortSignal
}

async function crossRehearsal(
  source: MigrationSource,
  pass: FaultPoint,
  { request, observer, signal }: Migration,
): Promise<MigrateResult> {
  await pass('before', 'rehearsal.run')
  const result = await source.migrate(request, observer, signal)
  await pass('after', 'rehearsal.run')
  return result
}

async function crossReal(
  source: MigrationSource,
  pass: FaultPoint,
  { request, observer, signal }: Migration,
): Promise<MigrateResult> {
  const { transactional, gid } = request
  const lastWord = gid === null ? 'tenant.commit' : 'vote.prepare'
  await pass('before', 'transaction.begin')
  const result = await source.migrate(
    request,
    {
      ...observer,
      async started(facts) {
        await observer.started(facts)
        await pass('after', 'transaction.begin')
        if (!transactional) await pass('before', 'statement.outside')
      },
      async statement(facts) {
        await observer.statement(facts)
        if (!transactional) await pass('after', 'statement.outside')
      },
      async revisionApplied(revision) {
        await pass('after', transactional ? 'revision.apply' : 'revision.note')
        await observer.revisionApplied(revision)
      },
      async readyToVote(inspection) {
        const answer = await observer.readyToVote(inspection)
        if (transactional && answer === 'finish') await pass('before', lastWord)
        return answer
      },
    },
    signal,
  )
  if (transactional && result.status === 'finished') await pass('after', lastWord)
  return result
}
