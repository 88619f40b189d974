import type { TracedStatement } from '../../../shared/foresight/rehearsal.ts'
import type { PlannedStatement, PlannedStep } from '../../../shared/plan.ts'
import { readDirectives } from '../../../shared/sql/read-directives.ts'
import type { ParsedSql, SqlParser } from '../ports/sql-parser.ts'
import type { InlineWaiver, LintStatement, LintStep } from './lint-statement.ts'

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
  const planned: readonly PlannedStatement[] = wasTraced
    ? traced.filter(({ sql }) => !isBookkeeping(sql)).map(({ sql }) => ({ sql, tables: [] }))
    : step.statements
  const inFile = (step.directives ?? []).map(directive => ({
    at: directive.at,
    waiver: parseWaiver(directive.text, directive.line),
  }))
  const statements: LintStatement[] = []
  const inText: InlineWaiver[] = []
  for (const [index, { sql, file = step.file, line = null }] of planned.entries()) {
    const trees = await parseStatement(sql, parser)
    // In files of SQL all waivers are found with the file itself.
    const own = step.directives === undefined || !step.file.endsWith('.sql') ? readDirectives(sql, trees) : []
    const placed = own.map(directive => ({ at: directive.at, waiver: parseWaiver(directive.text, line) }))
    inText.push(...placed.map(({ waiver }) => waiver))
    for (const tree of trees) {
      const above = inFile.filter(({ at }) => wasTraced || (line !== null && at === line))
      const inside = placed.filter(({ at }) => at === tree.line)
      const waivers = [...above, ...inside].map(({ waiver }) => waiver)
      statements.push({ tree, step, index, file, line, waivers })
    }
  }
  return { step, statements, wasTraced, waivers: [...inFile.map(({ waiver }) => waiver), ...inText] }
}

async function parseStatement(sql: string, parser: SqlParser): Promise<readonly ParsedSql[]> {
  if (sql.length <= longestStatement) return parser.parse(sql)
  const facts = { tables: [], transactional: true, preparable: true, control: false, reason: '' }
  return [{ ...facts, sql: sql.slice(0, 200), line: 1, type: tooLong, node: { length: sql.length } }]
}

/** Alembic's own notes of what is applied are no part of a revision. */
function isBookkeeping(sql: string): boolean {
  return /^\s*(insert\s+into|update|delete\s+from)\s+\S*alembic_version\b/i.test(sql)
}

/** Reads `allow RULE: reason`. */
function parseWaiver(text: string, line: number | null): InlineWaiver {
  const [, rule = '', reason = ''] = /^allow\s+([^\s:]*)\s*:?\s*(.*)$/i.exec(text) ?? []
  return { rule, reason: reason.trim(), line }
}
