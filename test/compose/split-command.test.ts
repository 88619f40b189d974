import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitCommand } from '../../electron/compose/normalise/split-command.ts'

describe('splitCommand', () => {
  // Every line was shown to Docker Compose 2.40.3 first.
  it.each<[string, readonly string[] | null]>([
    ['a b', ['a', 'b']],
    ['a  "b c" d', ['a', 'b c', 'd']],
    [`a 'b\\c'`, ['a', 'b\\c']],
    ['a b\\ c', ['a', 'b c']],
    ['a "b', null],
    ['a && b', ['a']],
    ['a; b', ['a']],
    ['a > f', ['a']],
    ['a 2> f', ['a']],
    ['2>f', []],
    ['a $(b c)', ['a', '$(b c)']],
    ['a $b', ['a', '$b']],
    ['a `b c`', ['a', '`b c`']],
    ['a (b)', null],
    ['a b)', null],
    [')a b)', [')a b)']],
    ['""', ['']],
    [`''`, ['']],
    ['', []],
    ['  ', []],
    ['a ""', ['a', '']],
    ['a\nb\tc\rd', ['a', 'b', 'c', 'd']],
    ['a "\\"x\\\\"', ['a', '"x\\']],
    ['a"b"c', ['abc']],
    ['a \\', null],
    ['x"$(a b)"', ['x$(a b)']],
    ['a "`b"', ['a', '`b']],
    ['a\u00a0b', ['a\u00a0b']],
    ['$(a', null],
    ['$(a $(b))', null],
    ['a "b" ; "', ['a', 'b']],
    ['sh -c "echo $PATH && x"', ['sh', '-c', 'echo $PATH && x']],
    ['a$(b)c', ['a$(b)c']],
    ["`a 'b`", null],
    [
      'postgres -c shared_buffers=256MB -c "log_line_prefix=%m [%p] "',
      ['postgres', '-c', 'shared_buffers=256MB', '-c', 'log_line_prefix=%m [%p] '],
    ],
  ])('splits %j as Compose does', (text, words) => {
    expect(splitCommand(text)).toEqual(words)
  })

  it('gives quoted words back', () => {
    const unit = fc.constantFrom(
      'a',
      '"',
      "'",
      '`',
      '\\',
      '$',
      '(',
      ')',
      ';',
      '>',
      ' ',
      '\n',
      'é',
      '\u00a0',
      '🐘',
      '\0',
    )
    fc.assert(
      fc.property(fc.array(fc.string({ unit })), words => {
        const single = words.map(word => `'${word.replaceAll("'", () => `'\\''`)}'`).join(' ')
        expect(splitCommand(single)).toEqual(words)
        const double = words.map(word => `"${word.replaceAll(/["\\]/g, '\\$&')}"`).join('\n')
        expect(splitCommand(double)).toEqual(words)
      }),
    )
  })

  it('never throws', () => {
    const unit = fc.constantFrom('"', "'", '`', '(', ')', '$', '\\', ' ', ';', '>', '2', 'a')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), text => {
        const words = splitCommand(text)
        expect(words === null || Array.isArray(words)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})
