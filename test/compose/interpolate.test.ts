import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interpolate } from '../../electron/compose/environment/interpolate.ts'

const known = new Map([
  ['S', 'set'],
  ['E', ''],
])
const lookUp = (name: string) => known.get(name)
const braces = (inside: string) => `\${${inside}}`

describe('interpolate', () => {
  // Every line was shown to Docker Compose 2.40.3 first.
  it.each([
    ['$S-$S', 'set-set'],
    ['$SX', ''],
    [braces('S'), 'set'],
    [braces('U:-d'), 'd'],
    [braces('U-d'), 'd'],
    [braces('E:-d'), 'd'],
    [braces('E-d'), ''],
    [braces('S:-d'), 'set'],
    [braces('E?m'), ''],
    [braces('S:?m'), 'set'],
    [braces('U:+r'), ''],
    [braces('S:+r'), 'r'],
    [braces('E:+r'), ''],
    [braces('E+r'), 'r'],
    [braces('U+r'), ''],
    [braces('U:-'), ''],
    [braces('U:-a:-b'), 'a:-b'],
    [braces('U-a:-b'), 'a:-b'],
    [`${braces('U:-a')} ${braces('U:-b')}`, 'a b'],
    [`${braces('S:?a')}-${braces('U:-z')}`, 'set-z'],
    [braces(`U:-${braces(`V-${braces('S')}`)}`), 'set'],
    [braces(`S:+<${braces('S')}>`), '<set>'],
    ['$$', '$'],
    ['a$$b', 'a$b'],
    ['$$$S', '$set'],
    [`$${braces('U:?')}`, braces('U:?')],
    ['$', '$'],
    ['$ 5', '$ 5'],
    ['$1', '$1'],
    ['$é', '$é'],
    ['$$$', '$$'],
    [`${braces('S')}$`, 'set$'],
    [`${braces('U:-{"a":{}}')} b`, '{"a":{}} b'],
    [braces('U:-{'), '{'],
    [`${braces('U:-{}')} x}`, '{}} x'],
    [`${braces('U:-a')}}`, 'a}'],
    [braces('U-a{b'), 'a{b'],
    [braces('U:-a$'), 'a$'],
    [`x}${braces('S:-a')}}`, 'x}set}'],
  ])('makes of %s what Compose makes of it: %s', (text, value) => {
    expect(interpolate(text, lookUp)).toMatchObject({ ok: true, value })
  })

  it.each([
    [braces('U:?m'), 'U', 'm'],
    [braces('U?m'), 'U', 'm'],
    [braces(`E:?m ${braces('S')}`), 'E', 'm set'],
    [braces(`S:-${braces('V:?inner')}`), 'V', 'inner'],
  ])('refuses %s, because %s is required', (text, name, reason) => {
    const result = interpolate(text, lookUp)
    expect(result).toMatchObject({ ok: false, problem: 'required', name })
    expect(result).toHaveProperty('message', `the variable ${name} is required and not set: ${reason}`)
  })

  it.each([
    ['a ${', 2],
    [braces(''), 0],
    [braces('1x'), 0],
    [braces('V!'), 0],
    [braces(' S'), 0],
    [braces('S '), 0],
    [braces('S:foo'), 0],
    [braces('U:=x'), 0],
    [braces(`A${braces('B')}`), 0],
    ['${U:-a', 0],
    [braces('U:-a\nb'), 0],
    [`${braces('U:-a')} x ${braces('V!')}`, 10],
    [braces(`S:-12${braces('')}`), 7],
    [braces(`U:+${braces('')}`), 5],
  ])('names the place of the fault in %j', (text, offset) => {
    expect(interpolate(text, lookUp)).toMatchObject({ ok: false, problem: 'syntax', offset })
  })

  it('counts as unset only what was really replaced by nothing', () => {
    const unset = (text: string) => {
      const result = interpolate(text, lookUp)
      return result.ok ? result.unset : null
    }
    expect(unset(`$U ${braces('U')} $W`)).toEqual(['U', 'W'])
    expect(unset(braces(`U:-${braces('W')}`))).toEqual(['W'])
    expect(unset(`${braces('U:-d')}${braces('U+r')}${braces(`S:-${braces('W')}`)}$E`)).toEqual([])
  })

  it('leaves a text without dollar signs as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', 'S', ':-', '\\', '\n', ' ', 'é', '🐘', '\0') }),
        text => {
          expect(interpolate(text, lookUp)).toEqual({ ok: true, value: text, unset: [] })
        },
      ),
    )
  })

  it('gives back any text whose dollar signs were doubled', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'S', ':', '-', '\n') }), text => {
        const doubled = text.replaceAll('$', () => '$$')
        expect(interpolate(doubled, lookUp)).toEqual({ ok: true, value: text, unset: [] })
      }),
    )
  })

  it('never throws, and points into the text', () => {
    const unit = fc.constantFrom('$', '{', '}', 'S', 'U', ':', '-', '?', '+', '\n', '1', ' ')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), text => {
        const result = interpolate(text, lookUp)
        if (!result.ok) expect(text[result.offset]).toBe('$')
      }),
      { numRuns: 2_000 },
    )
  })

  it('refuses a nesting that only an attack would have', () => {
    const deep = `${'${U:-'.repeat(50_000)}${'}'.repeat(50_000)}`
    expect(interpolate(deep.slice(0, 3_000), lookUp)).toMatchObject({ ok: false, problem: 'syntax' })
    const nested = `${'${U:-'.repeat(1_000)}${'}'.repeat(1_000)}`
    expect(interpolate(nested, lookUp)).toMatchObject({ ok: false, problem: 'syntax' })
  })

  it('agrees with a reference evaluator on any nesting', () => {
    fc.assert(
      fc.property(pieces, list => {
        const result = interpolate(list.map(write).join(''), lookUp)
        const reference = evaluateAll(list)
        if (reference === null) expect(result).toMatchObject({ ok: false, problem: 'required' })
        else expect(result).toMatchObject({ ok: true, value: reference })
      }),
      { numRuns: 1_000 },
    )
  })
})

type Operator = ':-' | '-' | ':?' | '?' | ':+' | '+'
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | {
      readonly kind: 'expression'
      readonly name: string
      readonly operator: Operator
      readonly word: readonly Piece[]
    }

const anyName = fc.constantFrom('S', 'E', 'U')
const { pieces } = fc.letrec<{ pieces: readonly Piece[]; piece: Piece }>(tie => ({
  pieces: fc.array(tie('piece'), { maxLength: 3 }),
  piece: fc.oneof(
    { maxDepth: 5 },
    fc.record({ kind: fc.constant('text' as const), text: fc.constantFrom('a', ' ', ':-', '?', '$', '+b') }),
    fc.record({ kind: fc.constant('variable' as const), name: anyName }),
    fc.record({
      kind: fc.constant('expression' as const),
      name: anyName,
      operator: fc.constantFrom<Operator>(':-', '-', ':?', '?', ':+', '+'),
      word: tie('pieces'),
    }),
  ),
}))

function write(piece: Piece): string {
  if (piece.kind === 'text') return piece.text.replaceAll('$', () => '$$')
  if (piece.kind === 'variable') return braces(piece.name)
  return braces(`${piece.name}${piece.operator}${piece.word.map(write).join('')}`)
}

/** Null: something required is missing; a word counts even where it is not needed, as in Compose. */
function evaluateAll(list: readonly Piece[]): string | null {
  const values = list.map(evaluate)
  return values.includes(null) ? null : values.join('')
}

function evaluate(piece: Piece): string | null {
  if (piece.kind === 'text') return piece.text
  const value = known.get(piece.name)
  if (piece.kind === 'variable') return value ?? ''
  const word = evaluateAll(piece.word)
  if (word === null) return null
  const present = piece.operator.startsWith(':') ? Boolean(value) : value !== undefined
  if (piece.operator.endsWith('+')) return present ? word : (value ?? '')
  if (present) return value ?? ''
  return piece.operator.endsWith('-') ? word : null
}
