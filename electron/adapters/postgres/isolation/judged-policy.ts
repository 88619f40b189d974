import type { SqlParser } from '../../../engine/ports/sql-parser.ts'
import { type ConditionScope, callsOf, judgeCondition } from '../../../sql/policy-condition.ts'
import { readNode, type SyntaxNode } from '../../../sql/syntax-node.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { type RolePolicy, selectPolicies, selectSteadyFunctions } from './queries/isolation-policies.ts'

/** A policy that holds for a role, with what its conditions let through. */
export interface JudgedPolicy extends RolePolicy {
  /** Null without that condition; `unread` where the grammar cannot read what the server prints. */
  readonly scope: {
    readonly using: ConditionScope | 'unread' | null
    readonly check: ConditionScope | 'unread' | null
  }
}

/** Reads the policies that hold for a role, and judges their conditions by their parse trees. */
export async function readJudgedPolicies(
  client: DatabaseClient,
  parser: SqlParser,
  { role, column }: { readonly role: string; readonly column: string },
): Promise<readonly JudgedPolicy[]> {
  const policies = await selectPolicies(client, role)
  const read: { readonly policy: RolePolicy; readonly using: Condition; readonly check: Condition }[] = []
  for (const policy of policies)
    read.push({
      policy,
      using: await parseCondition(parser, policy.using),
      check: await parseCondition(parser, policy.check),
    })
  const calls = read.flatMap(({ using, check }) => [...namesIn(using), ...namesIn(check)])
  const steady = await selectSteadyFunctions(client, [...new Set(calls)])
  return read.map(({ policy, using, check }) => {
    const called = new Set([...namesIn(using), ...namesIn(check)])
    const facts = {
      column,
      isSteady: (name: string) => steady.has(name) && !policy.functions.includes(name),
      runsUnseenCode: policy.hasOwnOperators || policy.functions.some(name => !called.has(name)),
    }
    const judge = (condition: Condition) =>
      condition === null || condition === 'unread' ? condition : judgeCondition(condition, facts)
    return { ...policy, scope: { using: judge(using), check: judge(check) } }
  })
}

type Condition = SyntaxNode | 'unread' | null

async function parseCondition(parser: SqlParser, expression: string | null): Promise<Condition> {
  if (expression === null) return null
  const [statement, ...more] = await parser.parse(`select where ${expression}`)
  if (!statement || statement.problem || more.length > 0) return 'unread'
  return readNode(statement.node, 'whereClause')
}

function namesIn(condition: Condition): readonly string[] {
  return condition === null || condition === 'unread' ? [] : callsOf(condition)
}
