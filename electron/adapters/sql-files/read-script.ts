import { LockstepError } from '../../../shared/failure/failure.ts'
import type { SqlParser, SqlStatementFacts } from '../../engine/ports/sql-parser.ts'
import type { MigrationFile } from './read-folder.ts'

/**
 * A file as it will run.
 *
 * `voting`: in the group's transaction. `alone`: in a transaction of its own, since it cannot be prepared.
 * `outside`: statement by statement, each committed by itself.
 */
export interface Script {
  readonly file: MigrationFile
  readonly way: 'voting' | 'alone' | 'outside'
  /** Why it cannot vote; empty when it can. */
  readonly reason: string
  readonly statements: readonly SqlStatementFacts[]
}

/** Reads the statements of a file and decides how it runs; refuses what could not be run as a whole. */
export async function readScript(file: MigrationFile, parser: SqlParser): Promise<Script> {
  const isOutside = hasDirective(file)
  const statements = await parser.describe(file.text)
  for (const statement of statements) refuseStatement(file, statement)
  const outside = statements.find(statement => !statement.transactional)
  if (isOutside || outside) {
    const inside = statements.find(statement => statement.transactional)
    if (!isOutside && inside) {
      const problem = `${outside?.reason}, but the file also holds statements that belong into one: split it into two files`
      throw refuse(file, outside?.line ?? 1, problem)
    }
    refuseUnrepeatable(file, statements)
    return { file, way: 'outside', reason: outside?.reason ?? 'the file asks for no transaction', statements }
  }
  const unpreparable = statements.find(statement => !statement.preparable)
  return { file, way: unpreparable ? 'alone' : 'voting', reason: unpreparable?.reason ?? '', statements }
}

const directive = 'no-transaction'

/** Looks for `-- lockstep: no-transaction` in the comment that a file begins with. */
function hasDirective(file: MigrationFile): boolean {
  let found = false
  for (const [index, line] of file.text.split('\n').entries()) {
    if (line.trim() !== '' && !line.trimStart().startsWith('--')) return found
    const word = /^\s*--\s*lockstep\s*:\s*(.*?)\s*$/i.exec(line)?.[1]
    if (word === undefined) continue
    // A waiver may stand above the first statement; it is read with the plan.
    if (/^allow\b/i.test(word)) continue
    if (word !== directive)
      throw refuse(file, index + 1, `unknown directive "${word}"; there is one, "${directive}"`)
    found = true
  }
  return found
}

function refuseStatement(file: MigrationFile, statement: SqlStatementFacts): void {
  if (statement.problem) {
    const { line, column, message } = statement.problem
    throw refuse(file, line, `${message} (column ${column})`)
  }
  if (statement.control) {
    throw refuse(file, statement.line, `${statement.reason}, which is ours to do: remove it from the file`)
  }
  if (statement.createsIndexConcurrently?.name === null) {
    throw refuse(
      file,
      statement.line,
      'an index that is made concurrently needs a name, so that a broken one can be found',
    )
  }
}

/** A file of several statements that broke off in the middle is run again from its beginning. */
function refuseUnrepeatable(file: MigrationFile, statements: readonly SqlStatementFacts[]): void {
  if (statements.length < 2) return
  const once = statements.find(statement => statement.createsIndexConcurrently?.ifNotExists === false)
  if (!once) return
  throw refuse(
    file,
    once.line,
    'a file of several statements outside a transaction must be able to run twice: write IF NOT EXISTS, or give the index a file of its own',
  )
}

function refuse(file: MigrationFile, line: number, error: string): LockstepError {
  return new LockstepError({
    kind: 'source_failed',
    during: 'reading a migration',
    file: file.file,
    line,
    error,
  })
}
