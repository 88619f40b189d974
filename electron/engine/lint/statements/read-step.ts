import type { TracedStatement } from '../../../../shared/analysis/rehearsal.ts'
import type { PlannedStatement, PlannedStep } from '../../../../shared/plan/plan.ts'
import { readDirectives } from '../../../../shared/sql/read-directives.ts'
import type { ParsedSql, SqlParser } from '../../ports/sql-parser.ts'
import type { InlineWaiver, LintStatement, LintStep } from './lint-statement.ts'
import { parseWaiver } from './parse-waiver.ts'
import { readDoBlock } from './read-do-block.ts'

/** Statements longer than this are data rather than schema, and their trees would be enormous. */
const longestStatement = 500_000

/** Stands for the type of a statement that was not parsed. */
export const tooLong = 'TooLong'

/** Reads the statements of a revision, and the waivers that speak of them. */
export async function readStep(
  step: PlannedStep,
  traced: readonly TracedStatement[],
  parser: SqlParser,
): Promise<LintStep> {
  const wasTraced = step.unrendered !== '' && traced.length > 0
  const planned: readonly NumberedStatement[] = wasTraced
    ? keepFirst(traced.filter(({ sql }) => !isBookkeeping(sql)).map(describeTraced))
    : step.statements.map((statement, index) => ({ ...statement, index }))
  const inFile = (step.directives ?? []).map(directive => ({
    at: directive.at,
    waiver: parseWaiver(directive.text, directive.line),
  }))
  const statements: LintStatement[] = []
  const inText: InlineWaiver[] = []
  for (const { index, sql, file = step.file, line = null } of planned) {
    const trees = await parseStatement(sql, parser)
    // In files of SQL all waivers are found with the file itself.
    const own = step.directives === undefined || !step.file.endsWith('.sql') ? readDirectives(sql, trees) : []
    const placed = own.map(directive => ({ ...directive, waiver: parseWaiver(directive.text, line) }))
    inText.push(...placed.map(({ waiver }) => waiver))
    for (const tree of trees) {
      // What ran is SQL, whatever the values that were taken out of it left behind.
      if (wasTraced && tree.problem) continue
      const above = inFile.filter(({ at }) => (line === null ? wasTraced : at === line))
      const inside = placed.filter(({ at }) => at === tree.line)
      const waivers = [...above, ...inside].map(({ waiver }) => waiver)
      const statement = { tree, step, index, file, line, waivers, path: null, unseen: null }
      if (tree.type !== 'DoStmt') {
        statements.push(statement)
        continue
      }
      const isInFile = file.endsWith('.sql') && line !== null
      const found = await readDoBlock(
        statement,
        [
          ...above.map(({ waiver }) => ({
            waiver,
            line: isInFile && waiver.line !== null ? waiver.line - line + 1 : null,
          })),
          ...inside.map(({ waiver, line: place }) => ({ waiver, line: place - tree.line + 1 })),
        ],
        parser,
      )
      statements.push(...found.filter(one => !(wasTraced && one.tree.problem)))
    }
  }
  return { step, statements, wasTraced, waivers: [...inFile.map(({ waiver }) => waiver), ...inText] }
}

async function parseStatement(sql: string, parser: SqlParser): Promise<readonly ParsedSql[]> {
  if (sql.length <= longestStatement) return parser.parse(sql)
  const facts = { tables: [], transactional: true, preparable: true, control: false, reason: '' }
  return [{ ...facts, sql: sql.slice(0, 200), line: 1, type: tooLong, node: { length: sql.length } }]
}

/** A statement with its place in its step, or in what ran of it. */
interface NumberedStatement extends PlannedStatement {
  readonly index: number
}

/** A loop runs one statement again and again; it is worth one look. */
function keepFirst(statements: readonly NumberedStatement[]): readonly NumberedStatement[] {
  const seen = new Map<string, NumberedStatement>()
  for (const statement of statements) {
    const key = JSON.stringify([statement.sql, statement.line])
    if (!seen.has(key)) seen.set(key, statement)
  }
  return [...seen.values()]
}

/** Values stand apart from what a driver sends: their places are written as the server names them. */
function describeTraced({ sql, index, line }: TracedStatement): NumberedStatement {
  const text = sql.replace(/%\(\w+\)s|%s/g, '$1')
  return { index, sql: text, tables: [], ...(line === undefined ? {} : { line }) }
}

/** Alembic's own notes of what is applied are no part of a revision. */
function isBookkeeping(sql: string): boolean {
  return /^\s*(insert\s+into|update|delete\s+from)\s+\S*alembic_version\b/i.test(sql)
}
