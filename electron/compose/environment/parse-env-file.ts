import { interpolate } from './interpolate.ts'

type LookUp = (name: string) => string | undefined

/** The variables of an env file, or the first line that is not one. */
export type EnvFileResult =
  | { readonly ok: true; readonly values: Readonly<Record<string, string | null>> }
  | { readonly ok: false; readonly line: number; readonly problem: string }

type EnvFileFault = Extract<EnvFileResult, { ok: false }>

/** A value as it was read: `next` is where the reading goes on. */
interface RawValue {
  readonly text: string
  readonly quote: '"' | "'" | null
  readonly next: number
}

/**
 * Reads an env file by Compose's rules; `lookUp` wins over earlier lines of the file.
 *
 * A name without `=` is taken from `lookUp`; null stands for one that it does not know either. Compose 2.40 does not see
 * such a name in a last line without line end (it becomes the value of a variable without name): here it is a name there too.
 */
export function parseEnvFile(text: string, lookUp: LookUp): EnvFileResult {
  const source = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
  // No prototype: `__proto__` and `constructor` are names like any other.
  const values: Record<string, string | null> = Object.create(null)
  const lookUpHere: LookUp = name => lookUp(name) ?? values[name] ?? undefined
  for (let at = skipBlanks(source, 0); at < source.length; at = skipBlanks(source, at)) {
    const start = at
    const fault = (problem: string): EnvFileFault => ({ ok: false, line: lineAt(source, start), problem })
    const key = readKey(source, at)
    if (typeof key === 'string') return fault(key)
    if (key.isInherited) {
      values[key.name] = lookUp(key.name) ?? values[key.name] ?? null
      at = key.next
      continue
    }
    const raw = readValue(source, key.next)
    if (raw === null) return fault('the quoted value has no end')
    at = raw.next
    if (raw.quote === "'") {
      values[key.name] = raw.text
      continue
    }
    const result = interpolate(raw.quote === '"' ? expandEscapes(raw.text) : raw.text, lookUpHere)
    if (!result.ok) return fault(result.message)
    values[key.name] = result.value
  }
  return { ok: true, values }
}

function skipBlanks(source: string, from: number): number {
  const blanks = /(?:\s|#[^\n]*)*/y
  blanks.lastIndex = from
  return from + (blanks.exec(source)?.[0].length ?? 0)
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length
}

function readKey(
  source: string,
  from: number,
): string | { readonly name: string; readonly isInherited: boolean; readonly next: number } {
  const prefix = /export[^\S\n]+/y
  prefix.lastIndex = from
  const start = from + (prefix.exec(source)?.[0].length ?? 0)
  const keys = /[\p{L}\p{N}_.\-[\]\t\v\f\r \u0085\u00a0]*/uy
  keys.lastIndex = start
  const written = keys.exec(source)?.[0] ?? ''
  const end = start + written.length
  const name = written.trim()
  const stop = source[end]
  if (stop !== undefined && stop !== '=' && stop !== ':' && stop !== '\n') {
    return `"${stop}" cannot be in the name of a variable`
  }
  if (/\s/.test(name)) return 'the name of a variable cannot contain a space'
  const isInherited = stop === undefined || stop === '\n'
  if (isInherited && name === '') return 'the name of a variable is missing'
  return { name, isInherited, next: end + 1 }
}

function readValue(source: string, from: number): RawValue | null {
  const spaces = /[^\S\n]*/y
  spaces.lastIndex = from
  const start = from + (spaces.exec(source)?.[0].length ?? 0)
  const quote = source[start]
  if (quote === '"' || quote === "'") return readQuoted(source, start, quote)
  const newline = source.indexOf('\n', start)
  const next = newline === -1 ? source.length : newline
  const [text = ''] = source.slice(start, next).split(' #', 1)
  return { text: text.trimEnd(), quote: null, next }
}

function readQuoted(source: string, start: number, quote: '"' | "'"): RawValue | null {
  let text = ''
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at] ?? ''
    if (character === quote) return { text, quote, next: at + 1 }
    if (character === '\\' && at + 1 < source.length) {
      at++
      const escaped = source[at] ?? ''
      text += escaped === quote ? escaped : `\\${escaped}`
    } else text += character
  }
  return null
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  // Interpolation follows, and makes one dollar sign of it.
  $: '$$',
}

function expandEscapes(text: string): string {
  return text.replace(/\\(?:([abfnrtv$"\\])|0([0-3][0-7]{2}))/g, (_, letter?: string, octal?: string) =>
    letter === undefined ? String.fromCodePoint(Number.parseInt(octal ?? '0', 8)) : (escapes[letter] ?? ''),
  )
}
