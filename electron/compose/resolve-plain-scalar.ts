/** What an unquoted scalar stands for; `text` is how Compose prints it where a text is wanted. */
export interface PlainScalar {
  readonly value: string | number | boolean | null
  readonly text: string
}

const words: Readonly<Record<string, boolean | null>> = {
  '': null,
  '~': null,
  null: null,
  Null: null,
  NULL: null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
}

const integer = /^[-+]?(?:0b[01]+|0o?[0-7]+|0x[0-9a-f]+|0|[1-9][0-9]*)$/i
/** A larger one is a floating-point number to Compose. */
const largest = 2n ** 64n - 1n
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:e[-+]?[0-9]+)?$/i

/** Reads an unquoted scalar as Compose's YAML does: 1.2 with the octal numbers and underscores of 1.1. */
export function resolvePlainScalar(source: string): PlainScalar {
  if (Object.hasOwn(words, source)) {
    const value = words[source] ?? null
    return { value, text: value === null ? '' : String(value) }
  }
  if (!/^[-+.0-9]/.test(source)) return { value: source, text: source }
  const infinite = /^([-+]?)\.(?:inf|Inf|INF)$/.exec(source)
  if (infinite) {
    return infinite[1] === '-'
      ? { value: Number.NEGATIVE_INFINITY, text: '-Inf' }
      : { value: Number.POSITIVE_INFINITY, text: '+Inf' }
  }
  if (/^\.(?:nan|NaN|NAN)$/.test(source)) return { value: Number.NaN, text: 'NaN' }
  const digits = source.replaceAll('_', '')
  if (integer.test(digits)) {
    const exact = readInteger(digits)
    return { value: Number(exact), text: exact > largest ? printFloat(Number(exact)) : String(exact) }
  }
  if (float.test(digits)) {
    const value = Number(digits)
    return { value, text: printFloat(value) }
  }
  return { value: source, text: source }
}

function readInteger(digits: string): bigint {
  const isNegative = digits.startsWith('-')
  const unsigned = digits.replace(/^[-+]/, '')
  const size = /^0[0-7]+$/.test(unsigned) ? BigInt(`0o${unsigned.slice(1)}`) : BigInt(unsigned)
  return isNegative ? -size : size
}

/** As Go prints it: the shortest digits, with an exponent below -4 and from 6 on. */
function printFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 6) return plainDecimal(value, mantissa, exponent)
  const sign = exponent < 0 ? '-' : '+'
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function plainDecimal(value: number, mantissa: string, exponent: number): string {
  const decimals = (mantissa.split('.')[1]?.length ?? 0) - exponent
  return value.toFixed(Math.max(0, decimals))
}
