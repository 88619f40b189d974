import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { GateAnswer, Verdict } from '../../../shared/plan/verdict.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { hidePasswords } from '../../sql/redact-sql.ts'
import { nameFailure } from '../checks/name-failure.ts'
import type { AssertionResult, Assertions } from '../ports/assertions.ts'
import type { SqlParser } from '../ports/sql-parser.ts'

/** A query of the team as it stands in the configuration. */
export interface Assertion {
  readonly name: string
  readonly sql: string
  readonly timeoutSeconds: number
}

interface AssertionPorts {
  readonly assertions: Assertions
  readonly parser: Pick<SqlParser, 'describe'>
}

/** Asks one tenant: passes when the first column of the first row is true. */
export async function judgeAssertion(
  hook: Assertion,
  tenant: Tenant,
  { assertions, parser }: AssertionPorts,
  signal: AbortSignal,
): Promise<GateAnswer> {
  const remedy = `Run the query of hook ${hook.name} in database ${tenant.database}.`
  const say = (verdict: Verdict, value: string, facts: readonly string[]): GateAnswer => ({
    verdict,
    value,
    threshold: `true in the first column of the first row, within ${hook.timeoutSeconds} s`,
    evidence: facts.map(fact => ({ tenant: tenant.name, fact: hidePasswords(fact) })),
    remedy: verdict === 'passed' ? '' : remedy,
  })
  try {
    const statements = await parser.describe(hook.sql)
    const [only, ...others] = statements
    if (!only || others.length > 0)
      return say('failed', countOf(statements.length, 'statement'), ['an assertion is one query'])
    if (only.problem) return say('failed', 'not SQL', [only.problem.message])
    const result = await assertions.check(tenant, only.sql, hook.timeoutSeconds * 1000, signal)
    const facts = describeRows(result)
    return result.holds ? say('passed', 'true', facts) : say('failed', firstValue(result), facts)
  } catch (error) {
    if (signal.aborted) throw error
    const failure = toFailure(error)
    if (isTimeout(failure)) return say('inconclusive', `no answer within ${hook.timeoutSeconds} s`, [])
    // Where the database has answered, the answer is no; a lost connection says nothing.
    const verdict = failure.kind === 'database_error' ? 'failed' : 'inconclusive'
    return say(verdict, describeFailure(failure).what, [nameFailure(failure)])
  }
}

function firstValue({ rows, columns }: AssertionResult): string {
  const [first] = rows
  if (first === undefined) return 'no row'
  return `${columns[0] ?? 'the first column'} is ${first[0] ?? 'null'}`
}

function describeRows({ rows, columns, hasMore }: AssertionResult): readonly string[] {
  const lines = rows.map(row => row.map((value, index) => `${columns[index]}=${value ?? 'null'}`).join(', '))
  return hasMore ? [...lines, 'and more rows'] : lines
}

/** 57014 is PostgreSQL's word for a statement that was cancelled, here by its own time limit. */
function isTimeout(failure: Failure): boolean {
  return failure.kind === 'database_error' && failure.sqlstate === '57014'
}
