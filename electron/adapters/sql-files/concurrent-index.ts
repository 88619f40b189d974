import { LockstepError } from '../../../shared/failure/failure.ts'
import type { ConcurrentIndex, SqlStatementFacts } from '../../engine/ports/sql-parser.ts'
import { makesSameIndex } from '../../sql/makes-same-index.ts'
import type { SqlSession } from '../../transactions/sql-session.ts'
import type { MigrationWork } from './migration-work.ts'

/**
 * Runs a statement; where it makes an index concurrently, without what an earlier attempt left, and proves it valid.
 *
 * An attempt that breaks off leaves an index that is not valid, and `if not exists` would take that for done. One that
 * was cut off between the index and its note in the version table has left the very index, which is not made again.
 */
export async function withConcurrentIndex(
  work: MigrationWork,
  statement: SqlStatementFacts | undefined,
  run: () => Promise<void>,
): Promise<void> {
  const index = statement?.createsIndexConcurrently
  if (!index) return run()
  const existing = await findIndex(work.session, index)
  if (existing?.isValid && (await makesSameIndex(work.parser, statement.sql, existing.definition))) return
  if (existing) await dropIfBroken(work.session, existing)
  try {
    await run()
  } catch (error) {
    // The next attempt does the same; what is thrown is the reason and not this.
    await work
      .afresh(async session => {
        const found = await findIndex(session, index)
        if (found) await dropIfBroken(session, found)
      })
      .catch(() => undefined)
    throw error
  }
  const made = await work.afresh(session => findIndex(session, index))
  if (made?.isValid) return
  throw new LockstepError({
    kind: 'inspection_failed',
    tenant: work.request.tenant.name,
    problem: 'the index is not valid after it was made concurrently',
    evidence: [made?.name ?? `there is no index ${index.name} on ${index.table}`],
  })
}

async function dropIfBroken(session: SqlSession, found: FoundIndex): Promise<void> {
  // One that another session is making at this moment is not valid either, and becomes theirs.
  if (!found.isValid && !found.isInTheMaking)
    await session.query(`drop index concurrently if exists ${found.name}`)
}

interface FoundIndex {
  readonly name: string
  readonly isValid: boolean
  readonly isInTheMaking: boolean
  /** As the server prints it. */
  readonly definition: string
}

async function findIndex(session: SqlSession, index: ConcurrentIndex): Promise<FoundIndex | null> {
  const { rows } = await session.query(
    `select format('%I.%I', n.nspname, c.relname) as name, i.indisvalid and i.indisready and i.indislive as valid,
       exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid and p.pid <> pg_backend_pid()) as making,
       pg_get_indexdef(i.indexrelid) as definition
     from pg_index i
     join pg_class c on c.oid = i.indexrelid
     join pg_namespace n on n.oid = c.relnamespace
     where c.relname = $1 and i.indrelid = to_regclass($2) and n.oid = (select relnamespace from pg_class where oid = to_regclass($2))`,
    [index.name, index.table],
  )
  const [row] = rows
  if (!row) return null
  return {
    name: String(row.name),
    isValid: row.valid === true,
    isInTheMaking: row.making === true,
    definition: String(row.definition),
  }
}
