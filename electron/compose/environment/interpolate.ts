/** What became of a text with variables: the value and what stood for nothing in it, or the first fault in it. */
export type InterpolationResult =
  | { readonly ok: true; readonly value: string; readonly unset: readonly string[] }
  | {
      readonly ok: false
      readonly problem: 'required' | 'syntax'
      /** The variable that has to be set; empty for a syntax error. */
      readonly name: string
      readonly message: string
      /** Where in the text the faulty expression begins. */
      readonly offset: number
    }

type LookUp = (name: string) => string | undefined
type Operator = ':-' | '-' | ':?' | '?' | ':+' | '+'
type Fault = Extract<InterpolationResult, { ok: false }>

/** A braced expression such as `${NAME:-word}`, cut into its parts; without operator it is `${NAME}`. */
interface Expression {
  readonly name: string
  readonly operator: Operator | null
  readonly word: string
  readonly length: number
}

/** No real file nests this deep; without a limit a hostile file could exhaust the stack. */
const deepest = 200

/** As Compose has it, an expression in braces ends on its line: `.` does not cross a line there either. */
const dollar = /\$(?:(\$)|([_a-z][_a-z0-9]*)|(\{))/gi
const braced = /^\$\{([_a-z][_a-z0-9]*)(?:(:?[-+?])([^\n]*))?\}/i

/** Puts variables into a text by every form of the Compose specification; `$` before anything else stands for itself. */
export function interpolate(text: string, lookUp: LookUp): InterpolationResult {
  return substitute(text, lookUp, 0, 0)
}

function substitute(text: string, lookUp: LookUp, base: number, depth: number): InterpolationResult {
  const unset = new Set<string>()
  const finder = new RegExp(dollar)
  let value = ''
  let done = 0
  for (let match = finder.exec(text); match !== null; match = finder.exec(text)) {
    const [whole, escaped, plain] = match
    value += text.slice(done, match.index)
    if (escaped !== undefined) value += '$'
    else if (plain !== undefined) value += lookUpPlain(plain, lookUp, unset)
    else {
      const offset = base + match.index
      const expression = readExpression(text.slice(match.index))
      if (expression === null || depth > deepest) return syntaxFault(text.slice(match.index), offset)
      const result = evaluate(expression, lookUp, offset, depth)
      if (!result.ok) return result
      for (const name of result.unset) unset.add(name)
      value += result.value
      finder.lastIndex = match.index + expression.length
      done = finder.lastIndex
      continue
    }
    done = match.index + whole.length
  }
  return { ok: true, value: value + text.slice(done), unset: [...unset] }
}

function lookUpPlain(name: string, lookUp: LookUp, unset: Set<string>): string {
  const value = lookUp(name)
  if (value === undefined) unset.add(name)
  return value ?? ''
}

function readExpression(text: string): Expression | null {
  const end = findClosingBrace(text)
  // Braces that do not pair up are Compose's `${NAME:-{}`: the last brace of the line closes it.
  const match = braced.exec(end === -1 ? text : text.slice(0, end + 1))
  if (match === null) return null
  const [whole, name = '', operator, word = ''] = match
  return { name, operator: (operator as Operator | undefined) ?? null, word, length: whole.length }
}

/** Compose's way to count braces: the character behind an opening one is not looked at. */
function findClosingBrace(text: string): number {
  const line = text.indexOf('\n')
  const last = text.lastIndexOf('}', line === -1 ? undefined : line)
  let open = 0
  for (let at = 0; at <= last; at++) {
    if (text[at] === '}' && --open === 0) return at
    if (text[at] === '{') {
      open++
      at++
    }
  }
  return -1
}

function evaluate(
  { name, operator, word }: Expression,
  lookUp: LookUp,
  offset: number,
  depth: number,
): InterpolationResult {
  const found = lookUp(name)
  if (operator === null) return { ok: true, value: found ?? '', unset: found === undefined ? [name] : [] }
  // Compose evaluates the word in any case: a fault in a default that is not needed is a fault all the same.
  const inner = substitute(word, lookUp, offset + 2 + name.length + operator.length, depth + 1)
  if (!inner.ok) return inner
  const isPresent = found !== undefined && (operator.length === 1 || found !== '')
  if (operator.endsWith('+')) return isPresent ? inner : { ok: true, value: found ?? '', unset: [] }
  if (isPresent) return { ok: true, value: found, unset: [] }
  return operator.endsWith('-') ? inner : requiredFault(name, inner.value, offset)
}

function requiredFault(name: string, reason: string, offset: number): Fault {
  const message = `the variable ${name} is required and not set${reason === '' ? '' : `: ${reason}`}`
  return { ok: false, problem: 'required', name, message, offset }
}

function syntaxFault(text: string, offset: number): Fault {
  const [line = ''] = text.split('\n', 1)
  const shown = line.length > 40 ? `${line.slice(0, 40)}...` : line
  const message = `"${shown}" is not a variable expression; a plain dollar sign is written $$`
  return { ok: false, problem: 'syntax', name: '', message, offset }
}
