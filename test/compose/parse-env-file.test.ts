import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEnvFile } from '../../electron/compose/environment/parse-env-file.ts'

const around = new Map([
  ['S', 's'],
  ['B', 'outer'],
])
const read = (text: string) => parseEnvFile(text, name => around.get(name))
const valuesOf = (text: string) => {
  const result = read(text)
  return result.ok ? { ...result.values } : result
}

describe('parseEnvFile', () => {
  // Every line was shown to Docker Compose 2.40.3 first, as `.env` and as `env_file`.
  it.each([
    ['A=1', { A: '1' }],
    ['A=1\nC=$A', { A: '1', C: '1' }],
    ['A=1\r\nC="x"\r\n', { A: '1', C: 'x' }],
    ['\ufeffA=1\n', { A: '1' }],
    ['export A=1\nexport  C=2', { A: '1', C: '2' }],
    ['A = 1', { A: '1' }],
    ['A: 1', { A: '1' }],
    ['\tA=1\n\n  # d\n#e\nC=2', { A: '1', C: '2' }],
    ['A="x\ny" # c\nC=1', { A: 'x\ny', C: '1' }],
    [`A='x\n$B\\'y'`, { A: `x\n$B'y` }],
    ['A="a\\nb\\tc\\$S\\\\d\\"e\\0101\\q\\x41"', { A: 'a\nb\tc$S\\d"eA\\q\\x41' }],
    ['A=a\\nb', { A: 'a\\nb' }],
    ['A=a #c', { A: 'a' }],
    ['A=a#c', { A: 'a#c' }],
    ['A="a"#c', { A: 'a' }],
    ['A= #c', { A: '#c' }],
    ['A="a" C=2', { A: 'a', C: '2' }],
    ['A=', { A: '' }],
    ['A=\nC=2', { A: '', C: '2' }],
    ['A:\nC=1', { A: '', C: '1' }],
    ['A==1', { A: '=1' }],
    ['A=1 \nC=2', { A: '1', C: '2' }],
    ['A=x"y"', { A: 'x"y"' }],
    [`A='a\\b'`, { A: 'a\\b' }],
    ['A=$$S', { A: '$S' }],
    ['A=\\$S', { A: '\\s' }],
    [`A='$S'\nC="$S"\nS=later\nD=$S`, { A: '$S', C: 's', S: 'later', D: 's' }],
    ['A=$U', { A: '' }],
    [`A=\${U:-\${S}}`, { A: 's' }],
    ['A.B=1\nA-B=2\nA[0]=3\n1A=4\né=5', { 'A.B': '1', 'A-B': '2', 'A[0]': '3', '1A': '4', é: '5' }],
  ])('reads %j as Compose does', (text, values) => {
    expect(valuesOf(text)).toEqual(values)
  })

  it('takes a name without value from the environment, and says null where that has none', () => {
    expect(valuesOf('B\nC\nexport D\nA=1')).toEqual({ B: 'outer', C: null, D: null, A: '1' })
    expect(valuesOf('A=1\nC')).toEqual({ A: '1', C: null })
  })

  it.each([
    ['A=1\n\nA b=1', 3, 'the name of a variable cannot contain a space'],
    ['A@=1', 1, '"@" cannot be in the name of a variable'],
    ['"A"=1', 1, '"\\"" cannot be in the name of a variable'],
    ['A=1\nB="u\nC=1', 2, 'the quoted value has no end'],
    ['A=1\nexport ', 2, 'the name of a variable is missing'],
    ['A="x\\"', 1, 'the quoted value has no end'],
    [`# c\nA=\${U:?say it}`, 2, 'the variable U is required and not set: say it'],
    ['A=1\r\nB=${', 2, '"${" is not a variable expression; a plain dollar sign is written $$'],
  ])('names the line of the fault in %j', (text, line, problem) => {
    expect(read(text)).toEqual({ ok: false, line, problem: problem.replace('\\"', '"') })
  })

  it('gives back what was written in either kind of quotes', () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/)
    // No carriage return: the line ends of a file are all made one kind.
    const unit = fc.constantFrom(
      'a',
      '"',
      "'",
      '\\',
      '$',
      '{',
      '}',
      '#',
      ' ',
      '\t',
      '\n',
      '=',
      'é',
      '\u2028',
      '🐘',
      '\0',
    )
    const value = fc.string({ unit })
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 6 }), variables => {
        const doubled = Object.entries(variables).map(
          ([key, text]) => `${key}="${text.replaceAll(/["\\$]/g, '\\$&')}"`,
        )
        expect(valuesOf(doubled.join('\n'))).toEqual({ ...variables })
      }),
    )
    fc.assert(
      fc.property(
        fc.dictionary(
          name,
          value.filter(text => !text.includes('\\')),
        ),
        variables => {
          const single = Object.entries(variables).map(
            ([key, text]) => `export ${key} = '${text.replaceAll("'", "\\'")}' # note\n`,
          )
          expect(valuesOf(single.join(''))).toEqual({ ...variables })
        },
      ),
    )
  })

  it('never throws', () => {
    const unit = fc.constantFrom('A', '=', '"', "'", '\\', '$', '{', '}', '\n', ' ', '#', ':', '\r')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), text => {
        expect(typeof read(text).ok).toBe('boolean')
      }),
      { numRuns: 2_000 },
    )
  })
})
