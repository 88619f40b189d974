import type { SourcePlace } from '../../../shared/analysis/finding.ts'
import type { MigrationRoute, PlannedStep } from '../../../shared/plan/plan.ts'
import type { ParsedSql, SqlParser } from '../ports/sql-parser.ts'
import { routeHead } from '../routes/split-route.ts'
import type { StatementEffects } from './effect.ts'
import { readEffects } from './read-effects.ts'

/** A statement of a route with what it does. */
export interface RouteStatement {
  readonly revision: string
  readonly index: number
  readonly place: SourcePlace
  readonly sql: string
  readonly parsed: ParsedSql
  readonly done: StatementEffects
  /** Number of the transaction that it runs in; the steps that vote share one. */
  readonly transaction: number
}

/** Revisions of a route with their statements; `isShown` is false where not all of them are known. */
export interface RouteStep {
  readonly revision: string
  readonly file: string
  readonly isShown: boolean
  readonly statements: readonly RouteStatement[]
}

/** Longer statements are data rather than schema, and their trees would be enormous. */
const longestStatement = 300_000

/** Reads what each statement does; what routes share is read once. */
export class StatementReader {
  readonly #parser: SqlParser
  readonly #known = new Map<string, Promise<readonly ParsedSql[]>>()

  constructor(parser: SqlParser) {
    this.#parser = parser
  }

  async readRoute(route: MigrationRoute, signal: AbortSignal): Promise<readonly RouteStep[]> {
    const voting = new Set(routeHead(route))
    const steps: RouteStep[] = []
    for (const [number, step] of route.steps.entries()) {
      signal.throwIfAborted()
      steps.push(await this.readStep(step, voting.has(step) ? 0 : number + 1))
    }
    return steps
  }

  async readStep(step: PlannedStep, transaction: number): Promise<RouteStep> {
    const statements: RouteStatement[] = []
    for (const [index, { sql, line = null }] of step.statements.entries()) {
      for (const parsed of await this.#parse(sql)) {
        const place = { file: step.file, line: line === null ? null : line + parsed.line - 1 }
        const done = readEffects(parsed)
        statements.push({ revision: step.revision, index, place, sql: parsed.sql, parsed, done, transaction })
      }
    }
    return { revision: step.revision, file: step.file, isShown: step.unrendered === '', statements }
  }

  #parse(sql: string): Promise<readonly ParsedSql[]> {
    if (sql.length > longestStatement) return Promise.resolve([describeHuge(sql)])
    const known = this.#known.get(sql) ?? this.#parser.parse(sql)
    this.#known.set(sql, known)
    return known
  }
}

function describeHuge(sql: string): ParsedSql {
  const facts = { tables: [], transactional: true, preparable: true, control: false, reason: '' }
  const isData = /^\s*(insert|copy|update|delete)\b/i.test(sql.slice(0, 1_000))
  return { ...facts, sql: sql.slice(0, 500), line: 1, type: isData ? 'CommentStmt' : '', node: {} }
}
