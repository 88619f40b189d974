import { isSyntaxNode, readNameParts, readNode, readNodes, readText, type SyntaxNode } from './syntax-node.ts'

/** Whether a condition of constants holds; null where it is none, or where only the server can tell. NULL does not hold. */
export function constantTruth(condition: SyntaxNode): boolean | null {
  const test = readNode(condition, 'NullTest')
  if (isSyntaxNode(test.arg)) {
    const constant = readConstant(test.arg)
    return constant && (constant.value === null) === (test.nulltesttype === 'IS_NULL')
  }
  const constant = isSyntaxNode(condition.A_Expr)
    ? compareConstants(condition.A_Expr)
    : readConstant(condition)
  if (constant === null) return null
  return constant.value === null ? false : typeof constant.value === 'boolean' ? constant.value : null
}

/** Whether an expression is a literal, with or without its type. */
export function isLiteral(expression: SyntaxNode): boolean {
  const literal = isSyntaxNode(expression.TypeCast) ? readNode(expression.TypeCast, 'arg') : expression
  return isSyntaxNode(literal.A_Const)
}

interface Constant {
  readonly value: string | number | boolean | null
}

function readConstant(node: SyntaxNode): Constant | null {
  if (isSyntaxNode(node.TypeCast)) return castConstant(node.TypeCast)
  const constant = node.A_Const
  if (!isSyntaxNode(constant)) return null
  if (constant.isnull === true) return { value: null }
  // What is zero, false or empty is left out of the tree.
  if (isSyntaxNode(constant.ival)) return { value: Number(constant.ival.ival ?? 0) }
  if (isSyntaxNode(constant.fval)) return { value: Number(readText(constant.fval, 'fval')) }
  if (isSyntaxNode(constant.boolval)) return { value: constant.boolval.boolval === true }
  return isSyntaxNode(constant.sval) ? { value: readText(constant.sval, 'sval') ?? '' } : null
}

function castConstant(cast: SyntaxNode): Constant | null {
  const constant = readConstant(readNode(cast, 'arg'))
  const type = readNameParts(readNodes(readNode(cast, 'typeName'), 'names')).at(-1)
  if (constant === null || constant.value === null) return constant
  const { value } = constant
  if (type === 'bool') {
    if (typeof value !== 'string') return { value: Boolean(value) }
    return trueWords.has(value) ? { value: true } : falseWords.has(value) ? { value: false } : null
  }
  if (typeof value === 'string' && numberTypes.has(type ?? ''))
    return value.trim() === '' || Number.isNaN(Number(value)) ? null : { value: Number(value) }
  return type === 'text' || type === 'varchar' || (typeof value === 'number' && numberTypes.has(type ?? ''))
    ? constant
    : null
}

const trueWords: ReadonlySet<string> = new Set(['t', 'true', 'y', 'yes', 'on', '1'])
const falseWords: ReadonlySet<string> = new Set(['f', 'false', 'n', 'no', 'off', '0'])
const numberTypes: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'numeric'])

function compareConstants(comparison: SyntaxNode): Constant | null {
  const [operator] = readNameParts(readNodes(comparison, 'name')).slice(-1)
  const left = readConstant(readNode(comparison, 'lexpr'))
  if (left === null || operator === undefined) return null
  if (comparison.kind === 'AEXPR_OP') {
    const right = readConstant(readNode(comparison, 'rexpr'))
    return right && compare(left, operator, right)
  }
  if (comparison.kind !== 'AEXPR_OP_ANY') return null
  const elements = readNodes(readNode(readNode(comparison, 'rexpr'), 'A_ArrayExpr'), 'elements')
  const answers = elements.map(readConstant).map(element => element && compare(left, operator, element))
  if (answers.length === 0 || answers.includes(null)) return null
  return { value: answers.some(answer => answer?.value === true) }
}

function compare({ value: left }: Constant, operator: string, { value: right }: Constant): Constant | null {
  if (left === null || right === null) return comparisons.has(operator) ? { value: null } : null
  if (typeof left !== typeof right) return null
  // How texts are ordered is for their collation to say.
  if (typeof left !== 'number' && operator !== '=' && operator !== '<>') return null
  const holds = comparisons.get(operator)
  return holds ? { value: holds(left, right) } : null
}

type Comparison = (left: string | number | boolean, right: string | number | boolean) => boolean

const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['=', (left, right) => left === right],
  ['<>', (left, right) => left !== right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
])
