import { assertNever } from '../../shared/text/assert-never.ts'
import { constantTruth } from './constant-truth.ts'
import {
  isSyntaxNode,
  readNameParts,
  readNode,
  readNodes,
  readText,
  type SyntaxNode,
  walkTree,
} from './syntax-node.ts'

/**
 * Which rows a condition lets through.
 *
 * `never` and `always` are conditions of constants. `fixed` lets rows of tenants through that it names itself, or of no
 * tenant. `session` may depend on who asks: by a function, a query or the name of the role. `blind` is all else: it depends
 * on neither, so whoever may see such a row sees it for every tenant.
 */
export type ConditionScope = 'never' | 'fixed' | 'session' | 'blind' | 'always'

/** What is known of the tables and functions that a condition speaks of. */
export interface ConditionFacts {
  /** The column that says whose a row is. */
  readonly column: string
  /** Whether a function gives the same for the same arguments, whoever asks. */
  readonly isSteady: (name: string) => boolean
  /** It runs code of the database that it does not call by name: that of an operator or a cast. */
  readonly runsUnseenCode: boolean
}

/** From the narrowest to the widest: of several joined by `or` the widest counts, of those joined by `and` the narrowest. */
const scopes: readonly ConditionScope[] = ['never', 'fixed', 'session', 'blind', 'always']

/** Judges a condition by its parse tree: never by its text, where a comment or a literal may name anything. */
export function judgeCondition(condition: SyntaxNode, facts: ConditionFacts): ConditionScope {
  const [type = '', value] = Object.entries(condition)[0] ?? []
  const node = isSyntaxNode(value) ? value : {}
  const judge = (part: SyntaxNode): ConditionScope => judgeCondition(part, facts)
  switch (type) {
    case 'BoolExpr': {
      const parts = readNodes(node, 'args').map(judge)
      if (node.boolop === 'AND_EXPR') return narrowestOf(parts)
      return node.boolop === 'OR_EXPR' ? widestOf(parts) : negate(widestOf(parts))
    }
    case 'CoalesceExpr':
      return widestOf(readNodes(node, 'args').map(judge))
    case 'BooleanTest':
      if (node.booltesttype === 'IS_TRUE' || node.booltesttype === 'IS_NOT_FALSE')
        return judge(readNode(node, 'arg'))
      if (node.booltesttype === 'IS_FALSE' || node.booltesttype === 'IS_NOT_TRUE')
        return negate(judge(readNode(node, 'arg')))
      return judgeTerm(condition, facts)
    case 'CaseExpr':
      return judgeCase(node, facts)
    default:
      return judgeTerm(condition, facts)
  }
}

/** The calls of a condition, by the last part of the name. */
export function callsOf(condition: SyntaxNode): readonly string[] {
  return [...walkTree(condition)].flatMap(node =>
    isSyntaxNode(node.FuncCall) ? (readNameParts(readNodes(node.FuncCall, 'funcname')).at(-1) ?? []) : [],
  )
}

function widestOf(parts: readonly ConditionScope[]): ConditionScope {
  return scopes.findLast(scope => parts.includes(scope)) ?? 'never'
}

function narrowestOf(parts: readonly ConditionScope[]): ConditionScope {
  return scopes.find(scope => parts.includes(scope)) ?? 'always'
}

function negate(scope: ConditionScope): ConditionScope {
  switch (scope) {
    case 'never':
      return 'always'
    case 'always':
      return 'never'
    case 'fixed':
    case 'blind':
      return 'blind'
    case 'session':
      return 'session'
    default:
      return assertNever(scope)
  }
}

/** Each arm holds where its condition does and none before it. */
function judgeCase(node: SyntaxNode, facts: ConditionFacts): ConditionScope {
  const subject = readNode(node, 'arg')
  const arms = readNodes(node, 'args').map(arm => {
    const when = readNode(arm, 'CaseWhen')
    const condition = readNode(when, 'expr')
    return {
      when:
        Object.keys(subject).length === 0
          ? judgeCondition(condition, facts)
          : judgeTerm({ subject, condition }, facts),
      result: judgeCondition(readNode(when, 'result'), facts),
    }
  })
  const defaultResult = 'defresult' in node ? judgeCondition(readNode(node, 'defresult'), facts) : 'never'
  const results: ConditionScope[] = []
  const reached: ConditionScope[] = []
  let left: ConditionScope = 'always'
  for (const { when, result } of [...arms, { when: 'always' as const, result: defaultResult }]) {
    if (left === 'never') break
    if (when === 'never') continue
    results.push(result)
    reached.push(narrowestOf([left, when, result]))
    left = narrowestOf([left, negate(when)])
  }
  const narrowest = narrowestOf(results)
  // Where each way lets rows through, it does not matter which one is taken.
  return narrowest === 'blind' || narrowest === 'always' ? narrowest : widestOf(reached)
}

function judgeTerm(term: SyntaxNode, facts: ConditionFacts): ConditionScope {
  const truth = constantTruth(term)
  if (truth !== null) return truth ? 'always' : 'never'
  if (knowsSession(term, facts)) return 'session'
  return namesTenants(term, facts.column) ? 'fixed' : 'blind'
}

const roleFunctions: ReadonlySet<string> = new Set(
  ['ROLE', 'USER', 'SESSION_USER', 'CATALOG', 'SCHEMA'].map(word => `SVFOP_CURRENT_${word}`),
).add('SVFOP_SESSION_USER')

/** Functions of a clock or of chance differ from call to call, and know nobody. */
const clocks: ReadonlySet<string> = new Set([
  'clock_timestamp',
  'now',
  'random',
  'statement_timestamp',
  'transaction_timestamp',
])

function knowsSession(term: SyntaxNode, { isSteady, runsUnseenCode }: ConditionFacts): boolean {
  if (callsOf(term).some(name => !clocks.has(name) && !isSteady(name))) return true
  return [...walkTree(term)].some(
    node =>
      isSyntaxNode(node.RangeVar) ||
      (isSyntaxNode(node.SQLValueFunction) &&
        roleFunctions.has(readText(node.SQLValueFunction, 'op') ?? '')) ||
      (runsUnseenCode && (isSyntaxNode(node.A_Expr) || isSyntaxNode(node.TypeCast))),
  )
}

/** Whether it compares the tenant's column with constants alone, such as that of rows that belong to all. */
function namesTenants(term: SyntaxNode, column: string): boolean {
  const test = readNode(term, 'NullTest')
  if (test.nulltesttype === 'IS_NULL') return isColumn(readNode(test, 'arg'), column)
  const comparison = readNode(term, 'A_Expr')
  const [operator] = readNameParts(readNodes(comparison, 'name')).slice(-1)
  const kinds = ['AEXPR_OP', 'AEXPR_OP_ANY', 'AEXPR_IN', 'AEXPR_NOT_DISTINCT']
  if (operator !== '=' || !kinds.includes(readText(comparison, 'kind') ?? '')) return false
  const [left, right] = [readNode(comparison, 'lexpr'), comparison.rexpr]
  const isConstant = (side: unknown): boolean =>
    ![...walkTree({ side })].some(node => isSyntaxNode(node.ColumnRef))
  return (
    (isColumn(left, column) && isConstant(right)) ||
    (isSyntaxNode(right) && isColumn(right, column) && isConstant(left))
  )
}

/** Whether it is the column, in whatever type. */
function isColumn(node: SyntaxNode, column: string): boolean {
  if (isSyntaxNode(node.TypeCast)) return isColumn(readNode(node.TypeCast, 'arg'), column)
  return readNameParts(readNodes(readNode(node, 'ColumnRef'), 'fields')).at(-1) === column
}
